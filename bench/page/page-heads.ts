/** Pages of docs/ that commands write, section by section; what stands above their sections is kept here. */
export const pageHeads = {
  benchmarks: `# Benchmarks

Each section is written by the command that it names, and by nothing else; no figure here is typed by hand. Without \`--write\` they only print. All start servers of their own and end them; those of PostgreSQL need it installed, and \`--server postgres\` builds the Temporal server with Go, once.

| command | what it measures | takes |
|---|---|---|
| \`npm run bench\` | an order against the shortest hand-written workflow of the same steps (writes without being asked) | 10 min |
| \`npm run bench -- --ci\` | the same, what noise cannot touch: fails above [limits.json](../bench/floor/limits.json) | 40 s |
| \`npm run low-load\` | what one caller feels, against the bare SDK calls | 8 min |
| \`npm run waiting\` | thousands of orders that only wait: memory, CPU, kill -9, cost of an order beside them | 30 min |
| \`npm run deadlines\` | how late rungs fire when thousands fall due within a minute; \`--worker-down\`: while there is no worker | 15 min |
| \`npm run scale\` | a store of a million orders: each list, the board, tasks, one order; and while others write | 12 min |
| \`npm run soak\` | half an hour of steady load: is anything growing ([resilience](resilience.md)) | 35 min |
| \`npm run chaos\` | kills, pauses and cuts under load ([resilience](resilience.md)) | minutes |
| \`node bench/history.ts\` | where the events of an order go | 1 min |
| \`node bench/append.ts\`, \`verify.ts\` | what the journal's hashes cost, and checking them | minutes |`,
  resilience: `# Resilience

Each section is written by the command that it names, and by nothing else; no figure here is typed by hand.`,
} as const

export type PageName = keyof typeof pageHeads
