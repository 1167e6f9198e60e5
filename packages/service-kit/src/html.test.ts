import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, READERS, route } from '@aistock/shared';
import { z } from 'zod';
import { baseEnv } from './env.ts';
import { loadConfig } from './config.ts';
import { html, htmlPage } from './html.ts';
import { openApiDocument } from './openapi.ts';
import { pagePolicy } from './page-policy.ts';
import { createService } from './service.ts';

const HOSTILE = `<script>alert("1 & '2'")</script>`;

test('what is put into markup is text, in an element and in an attribute', () => {
  const { text } = html`<p title="${HOSTILE}">${HOSTILE}</p>`;
  const escaped = '&lt;script&gt;alert(&quot;1 &amp; &#39;2&#39;&quot;)&lt;/script&gt;';
  assert.equal(text, `<p title="${escaped}">${escaped}</p>`);
});

test('markup in markup stays, lists follow one another, nothing is nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  const { text } = html`<p title="${2}">${items}${[]}</p>`;
  assert.equal(text, '<p title="2"><li>a</li><li>&lt;b&gt;</li></p>');
});

const STYLE = 'p{color:red}';
const api = {
  page: route({
    method: 'GET',
    path: '/page',
    summary: 'A page.',
    roles: READERS,
    contentType: 'text/html',
    response: z.string(),
  }),
  broken: route({
    method: 'GET',
    path: '/broken',
    summary: 'No page.',
    roles: READERS,
    contentType: 'text/html',
    response: z.string(),
  }),
} as const;

test('a page goes out as one, with a policy that allows its own style and nothing else', async () => {
  const config = loadConfig(z.object(baseEnv), {
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: 'postgres://none@127.0.0.1:1/none',
  });
  const service = createService({
    name: 'data_ingester',
    api,
    config,
    pageStyles: [STYLE],
    handlers: {
      page: () => Promise.resolve(htmlPage({ title: HOSTILE, style: STYLE, body: html`<p>${HOSTILE}</p>` })),
      broken: () => Promise.reject(new Error('broken')),
    },
  });
  await service.listen();
  try {
    const response = await fetch(`${service.url}/page`);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.equal(policy, pagePolicy([STYLE]));
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; /);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const text = await response.text();
    assert.ok(text.startsWith('<!doctype html>') && text.includes(`<style>${STYLE}</style>`));
    assert.ok(!text.includes('<script'));
    const carried = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    assert.equal(`${carried?.replaceAll('&#39;', "'")}; frame-ancestors 'none'`, policy);

    const failed = await fetch(`${service.url}/broken`);
    assert.equal(failed.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal(Problem.parse(await failed.json()).status, 500);
  } finally {
    await service.stop();
  }
});

test('the description of the service says that it is a page', () => {
  const { paths } = openApiDocument('data_ingester', '1', api) as {
    paths: Record<string, { get: { responses: Record<string, { content: Record<string, unknown> }> } }>;
  };
  assert.deepEqual(Object.keys(paths['/page']!.get.responses['200']!.content), ['text/html']);
});
