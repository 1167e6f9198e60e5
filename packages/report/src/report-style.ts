/** The one style of the report; its hash is in the policy that the page goes out with. Colours are those of Okabe and Ito. */
export const REPORT_STYLE = `
:root { --ink: #1c2430; --soft: #566273; --paper: #ffffff; --card: #f4f6f9; --line: #d5dbe3;
  --own: #0072b2; --held: #7b8794; --price: #3d4855; --buy: #0072b2; --sell: #d55e00; --fall: #d55e00; --band: #56b4e9;
  --warn: #a33a00; --rising: #56b4e9; --falling: #d55e00; --turbulent: #5d3a70; --calm: #c9d1da; --up: 0, 114, 178; --down: 213, 94, 0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --soft: #9fabb9; --paper: #12161c; --card: #1b212a; --line: #323b47;
    --own: #56b4e9; --held: #8a96a3; --price: #c3ccd6; --buy: #56b4e9; --sell: #f0a04b; --fall: #f0a04b; --band: #2b6d96;
    --warn: #ffab73; --rising: #56b4e9; --falling: #e07b2e; --turbulent: #b995cf; --calm: #46505d; --up: 86, 180, 233; --down: 240, 160, 75; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem; max-width: 76rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h1::first-letter { text-transform: uppercase; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p, ul, dl { margin: .25rem 0 .75rem; }
a { color: var(--own); }
nav { margin: .75rem 0; font-size: .9rem; display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.soft { color: var(--soft); }
.wide { overflow-x: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .6rem; }
.cards div { background: var(--card); border-radius: .5rem; padding: .5rem .75rem; }
.cards dt { color: var(--soft); font-size: .85rem; }
.cards dd { margin: 0; } .cards b { display: block; font-size: 1.15rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.cards span { color: var(--soft); font-size: .8rem; line-height: 1.3; display: block; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 2rem; align-items: start; }
.columns section { min-width: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; } td.n, th.n { text-align: right; } td.n, td.t { white-space: nowrap; } td.p { min-width: 16rem; }
th:last-child, td:last-child { padding-right: 0; }
.months table { table-layout: fixed; min-width: 56rem; } .months td { padding: 0; } .months td:first-child { padding: .25rem .5rem .25rem 0; } .months th { padding-right: .25rem; }
.months span { display: block; padding: .25rem; }
.up0 { background: rgba(var(--up), .08); } .up1 { background: rgba(var(--up), .2); } .up2 { background: rgba(var(--up), .34); }
.up3 { background: rgba(var(--up), .5); } .down0 { background: rgba(var(--down), .08); } .down1 { background: rgba(var(--down), .2); }
.down2 { background: rgba(var(--down), .34); } .down3 { background: rgba(var(--down), .5); }
.failed { color: var(--warn); font-weight: 600; }
.shaded { display: inline-block; min-width: 4.5rem; padding: 0 .35rem; }
.names { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .85rem; }
.names dt { color: var(--soft); } .names dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
.warnings { list-style: none; padding: 0; }
.warnings li { border-left: .3rem solid var(--line); padding: .2rem .75rem; margin: .35rem 0; background: var(--card); }
.warnings .warning { border-color: var(--warn); } .warnings .warning b { color: var(--warn); }
.key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; font-size: .85rem; color: var(--soft); }
.swatch { width: .8rem; height: .8rem; vertical-align: -.05rem; }
svg.chart { display: block; width: 100%; min-width: 36rem; height: auto; }
svg text { fill: var(--soft); font: 11.5px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.line { fill: none; stroke-width: 1.4; stroke-linejoin: round; }
.own { stroke: var(--own); } .held { stroke: var(--held); } .price { stroke: var(--price); stroke-width: 1; }
.median { stroke: var(--ink); stroke-dasharray: 5 4; }
.area { fill: var(--fall); fill-opacity: .3; stroke: var(--fall); stroke-width: 1; }
.shade { fill: var(--ink); fill-opacity: .07; stroke: none; }
.band { fill: var(--band); fill-opacity: .35; stroke: none; }
.buy { fill: var(--buy); } .sell { fill: var(--sell); } svg.chart .buy, svg.chart .sell { stroke: var(--paper); stroke-width: .6; }
.regime.rising { fill: var(--rising); } .regime.falling { fill: var(--falling); } .regime.turbulent { fill: var(--turbulent); }
.regime.calm { fill: var(--calm); } .regime.unknown { fill: none; stroke: var(--line); }
@media (max-width: 40rem) { body { padding: .9rem; } .names { grid-template-columns: 1fr; } .names dd { margin-bottom: .35rem; }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } svg.chart text { font-size: 16px; } }
@media print { nav { display: none; } section { break-inside: avoid-page; } }
`;
