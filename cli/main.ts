/** The `nolimbo` program: `node cli/main.ts <command> [arguments]`. Each command is loaded only when it is asked for. */

/** What a command's file exports. `run` gives the exit code. */
interface CommandModule {
  readonly run: (args: readonly string[]) => Promise<number> | number
}

const commands: Readonly<Record<string, string>> = {
  up: 'start everything on this machine: Temporal, store, worker, API and console  [--demo N]',
  check: 'prove that a process definition leaves no order in limbo, or say why not  FILE [--json]',
  simulate: 'run made-up orders through a process under a virtual clock, without a server',
  why: 'say why an order is where it is  ORDER',
  schema: 'print the JSON Schema of process definitions  [--write]',
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help())
    return name === undefined ? 2 : 0
  }
  if (!Object.hasOwn(commands, name)) {
    console.error(`nolimbo has no command "${name}"\n\n${help()}`)
    return 2
  }
  const module = (await import(`./commands/${name}.ts`)) as CommandModule
  return module.run(args)
}

function help(): string {
  const lines = Object.entries(commands).map(([name, what]) => `  ${name.padEnd(10)}${what}`)
  return ['usage: nolimbo <command>', '', ...lines, `  ${'help'.padEnd(10)}show this`].join('\n')
}

process.exitCode = await main(process.argv.slice(2))
