import { readEnvironment } from '../../config/environment.ts'
import { runDemo } from '../up/demo.ts'
import { say, startUp } from '../up/start-up.ts'

const usage = `usage: nolimbo up [--demo N]

  --demo N   also sends N orders through (1 to 10000), some of which stall on purpose, and prints what the clock did`

/** `nolimbo up`: everything in one command, until Ctrl-C. */
export async function run(args: readonly string[]): Promise<number> {
  const demo = demoOrders(args)
  if (demo === undefined) {
    console.error(usage)
    return 2
  }
  if (demo > 0 && !readEnvironment(process.env).auth.kinds.includes('demo')) {
    console.error('--demo asks as the people of the demo: NOLIMBO_AUTH must have demo')
    return 2
  }
  const up = await startUp().catch((error: Error) => {
    console.error(`\nnolimbo could not start: ${error.message}`)
    return undefined
  })
  if (up === undefined) return 1
  const ended = new Promise<void>(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  if (demo > 0) void runDemo(up, demo).catch((error: Error) => console.error(`the demo stopped: ${error.message}`))
  const failure = await Promise.race([ended, up.failed.catch((error: Error) => error)])
  if (failure !== undefined) console.error(`\nthe worker has failed: ${failure.message}`)
  // A second Ctrl-C does not wait.
  process.once('SIGINT', () => process.exit(130))
  await up.stop()
  say('Stopped', 'everything that was started has ended')
  return failure === undefined ? 0 : 1
}

function demoOrders(args: readonly string[]): number | undefined {
  if (args.length === 0) return 0
  const value =
    args[0] === '--demo' ? args[1] : args[0]?.startsWith('--demo=') ? args[0].slice('--demo='.length) : undefined
  const extra = args[0] === '--demo' ? args.length > 2 : args.length > 1
  const count = Number(value)
  return value === undefined || extra || !Number.isInteger(count) || count < 1 || count > 10_000 ? undefined : count
}
