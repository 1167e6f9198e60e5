import express from 'express';

/** The least that a service can be: express, one route, nothing else. What ours costs is counted from here. */
const app = express();
app.get('/ready', (_request, response) => {
  response.json({ ready: true });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
