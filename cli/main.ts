/** The `nolimbo` program: `node cli/main.ts <command> [arguments]`. Each command is loaded only when it is asked for. */

/** What a command's file exports. `run` gives the exit code. */
interface CommandModule {
  readonly run: (args: readonly string[]) => Promise<number> | number
}

interface Command {
  readonly what: string
  readonly load: () => Promise<CommandModule>
}

const commands: Readonly<Record<string, Command>> = {
  up: {
    what: 'start everything on this machine: Temporal, store, worker, API and sandbox  [--demo N]',
    load: () => import('./commands/up.ts'),
  },
  check: {
    what: 'prove that a process definition leaves no order in limbo, or say why not  FILE [--json]',
    load: () => import('./commands/check.ts'),
  },
  simulate: {
    what: 'run made-up orders through a process under a virtual clock  PROCESS [--orders N] [--seed S]',
    load: () => import('./commands/simulate.ts'),
  },
  table: {
    what: 'print what an order does in which status, or what is in which event  [behaviour | events] [--write]',
    load: () => import('./commands/table.ts'),
  },
  why: { what: 'say why an order is where it is  ORDER', load: () => import('./commands/why.ts') },
  audit: {
    what: 'recompute from the journals whether any order was silent for too long  [--since T] [--process P] [--json]',
    load: () => import('./commands/audit.ts'),
  },
  'recompute-deadlines': {
    what: "count running orders' deadlines anew by today's calendars  [--process ID] [--all] [--dry-run]",
    load: () => import('./commands/recompute-deadlines.ts'),
  },
  restore: {
    what: 'let orders go on whose workflow was lost  ORDER... | --all  --reason TEXT',
    load: () => import('./commands/restore.ts'),
  },
  keys: {
    what: 'make, list and revoke API keys  create | list | revoke',
    load: () => import('./commands/keys.ts'),
  },
  release: {
    what: "list the versions of nolimbo's code, make one current and move orders to it  [VERSION | --move] [--dry-run]",
    load: () => import('./commands/release.ts'),
  },
  verify: {
    what: 'say whether the journals are what was written  [ORDER] [--anchor] [--expect ORG:NUMBER:HASH] [--json]',
    load: () => import('./commands/verify.ts'),
  },
  export: {
    what: 'write the journals to standard output  [ORDER] [--since TIME] [--process ID] [--format jsonl|csv]',
    load: () => import('./commands/export.ts'),
  },
  migrate: { what: 'bring the tables of the store up to date', load: () => import('./commands/migrate.ts') },
  grants: {
    what: 'print the SQL for a database role that cannot rewrite history  ROLE [--auditor]',
    load: () => import('./commands/grants.ts'),
  },
  schema: {
    what: 'print the JSON Schema of process definitions  [--write]',
    load: () => import('./commands/schema.ts'),
  },
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help())
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    console.error(`nolimbo has no command "${name}"\n\n${help()}`)
    return 2
  }
  return (await command.load()).run(args)
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { what }]) => `  ${name.padEnd(21)}${what}`)
  return ['usage: nolimbo <command>', '', ...lines, `  ${'help'.padEnd(21)}show this`].join('\n')
}

process.exitCode = await main(process.argv.slice(2))
