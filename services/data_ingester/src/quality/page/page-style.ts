/** The one style of the page; its hash is in the policy that the page goes out with. */
export const PAGE_STYLE = `
:root { --ink: #1c2430; --soft: #5a6675; --paper: #ffffff; --line: #d5dbe3;
  --pass: #1b6e3c; --warn: #8a5a00; --block: #b3261e;
  --h0: #7a0c12; --h1: #d1495b; --h2: #f2a65a; --h3: #f6dd8a; --h4: #8fcfc0; --h5: #1f7a8c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --soft: #9aa7b6; --paper: #12161c; --line: #323b47;
    --pass: #5fd38a; --warn: #f0b849; --block: #ff8f86;
    --h0: #ff5d68; --h1: #c9505f; --h2: #c98442; --h3: #a8954a; --h4: #3f7f74; --h5: #2b93a8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 72rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, ul { margin: .25rem 0 .75rem; }
.verdict { display: inline-block; padding: .1rem .75rem; border: 2px solid; border-radius: 1rem; font-weight: 700; }
.pass { color: var(--pass); } .warn { color: var(--warn); } .block { color: var(--block); }
.soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } td.n, th.n { text-align: right; }
svg { display: block; height: auto; max-width: 100%; }
svg text { fill: var(--soft); font: 9px system-ui, sans-serif; }
svg rect { stroke: var(--line); stroke-width: .5; }
.h0 { fill: var(--h0); } .h1 { fill: var(--h1); } .h2 { fill: var(--h2); }
.h3 { fill: var(--h3); } .h4 { fill: var(--h4); } .h5 { fill: var(--h5); }
svg.key { width: 34rem; max-width: 100%; }
`;
