/** DESIGN section 9 as a table: which folder may import what. `test/layers.test.ts` enforces it. */
export type LayerRule = {
  /** The deepest folder that a file lies in decides. Every folder may import itself. */
  readonly folder: string
  /** Folders, or single files, that may be imported. */
  readonly from: readonly string[]
  /** Further folders of which `import type` may be used. */
  readonly typesFrom?: readonly string[]
  /** npm packages and `node:` modules. */
  readonly packages: readonly string[] | 'any'
  /** No clock, chance, timer, network or process. */
  readonly pure?: true
  /** What the offender should do. */
  readonly mend: string
}

export const LAYER_RULES: readonly LayerRule[] = [
  {
    folder: 'processes',
    from: [],
    packages: [],
    mend: 'processes/ holds YAML only; code that reads it belongs in config/.',
  },
  {
    folder: 'domain',
    from: [],
    packages: ['zod', '@marcbachmann/cel-js'],
    pure: true,
    mend: 'domain/ is the pure core: take the time from input.at, chance and results from the input, and leave I/O to activities/. Rename a local variable that is called like a global.',
  },
  {
    folder: 'workflows',
    from: ['domain'],
    typesFrom: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    mend: 'workflows/ runs in the sandbox of replay: move rules to domain/, effects to activities/, and write `import type` for activities.',
  },
  {
    folder: 'order-client',
    from: ['domain', 'store', 'workflows/messages.ts'],
    packages: 'any',
    mend: 'order-client/ is how orders are spoken to, and nothing else: what is said to them is for whoever speaks.',
  },
  {
    folder: 'commands',
    from: ['domain', 'store', 'order-client', 'workflows/messages.ts'],
    typesFrom: ['config'],
    packages: 'any',
    mend: 'commands/ is what goes with a command to an order, whoever sends it: HTTP belongs in api/, Temporal in order-client/ and activities/.',
  },
  {
    folder: 'activities',
    from: ['domain', 'store', 'connectors', 'notices', 'order-client', 'commands'],
    packages: 'any',
    mend: 'activities/ gets what it needs through createActivities(deps); types that it shares with workflows/ belong in domain/ or activities/.',
  },
  {
    folder: 'connectors',
    from: ['domain'],
    packages: 'any',
    mend: 'connectors/ knows the domain only, and reaches the sandbox over HTTP as it does any other system.',
  },
  {
    folder: 'connectors/sandbox',
    from: [],
    packages: 'any',
    mend: "The sandbox is a stranger's system: it knows no code of ours, only addresses.",
  },
  {
    folder: 'notices',
    from: ['domain', 'store'],
    packages: 'any',
    mend: 'notices/ brings what the store holds to people: who is to be told, and what about, is for domain/ and activities/.',
  },
  { folder: 'store', from: ['domain'], packages: 'any', mend: 'store/ knows the domain only; pass anything else in.' },
  {
    folder: 'config',
    from: ['domain'],
    packages: 'any',
    mend: 'config/ knows the domain only; pass anything else in.',
  },
  {
    folder: 'worker',
    from: [
      'domain',
      'workflows',
      'order-client',
      'commands',
      'activities',
      'connectors',
      'connectors/sandbox',
      'notices',
      'store',
      'config',
    ],
    packages: 'any',
    mend: 'worker/ runs without api/, console/ and cli/: move what both need to the layer below.',
  },
  {
    folder: 'api',
    from: [
      'domain',
      'store',
      'config',
      'notices',
      'order-client',
      'commands',
      'workflows/messages.ts',
      'activities/tell-last-resort.ts',
    ],
    typesFrom: ['workflows'],
    packages: 'any',
    mend: 'api/ talks to orders through workflows/messages.ts and to the store; effects belong in activities/.',
  },
  {
    folder: 'cli',
    from: [
      'domain',
      'workflows',
      'order-client',
      'commands',
      'activities',
      'connectors',
      'connectors/sandbox',
      'notices',
      'store',
      'config',
      'worker',
      'api',
      'console',
    ],
    packages: 'any',
    mend: 'cli/ may import every layer, but neither test/ nor bench/.',
  },
  {
    folder: 'console',
    from: [],
    typesFrom: ['api'],
    packages: 'any',
    mend: "console/ is a web page: write `import type` for the api's published types and ask the API for everything else.",
  },
]
