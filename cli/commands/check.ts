import { parseArgs } from 'node:util'
import { readEnvironment } from '../../config/environment.ts'
import { loadSurroundings } from '../../config/processes.ts'
import { checkFile } from '../check/check-file.ts'
import { reportJson, reportText } from '../check/print-report.ts'

const usage = `usage: nolimbo check FILE [--json] [--max-states N]

  FILE             a process definition (YAML); calendars, people, permissions and connectors are those of
                   NOLIMBO_PROCESSES (default: processes/)
  --json           {result, problems: [{code, line, step, mend}], steps, states} on standard output
  --max-states N   stop, unproven, after so many states (default: 200000)

exit code: 0 proven, 1 refused, 2 usage, 3 unproven`

const exitCodes = { proven: 0, refused: 1, unproven: 3 } as const

/** `nolimbo check`: proves that a process definition leaves no order in limbo, or says why not. */
export function run(args: readonly string[]): number {
  const asked = argumentsOf(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  try {
    const surroundings = loadSurroundings(readEnvironment(process.env).processesFolder)
    if (surroundings.problems.length > 0) {
      for (const { file, line, message } of surroundings.problems) console.error(`${file}:${line}: ${message}`)
      return 2
    }
    const { maximumStates } = asked
    const from = new Date().toISOString()
    const report = checkFile(asked.file, surroundings, { from, ...(maximumStates !== undefined && { maximumStates }) })
    console.log(asked.json ? reportJson(report) : reportText(asked.file, report))
    return exitCodes[report.result]
  } catch (error) {
    console.error(`nolimbo check: ${(error as Error).message}`)
    return 2
  }
}

function argumentsOf(args: readonly string[]): { file: string; json: boolean; maximumStates?: number } | undefined {
  try {
    const options = { json: { type: 'boolean' }, 'max-states': { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file] = positionals
    const states = values['max-states']
    if (file === undefined || positionals.length > 1 || (states !== undefined && !/^[1-9]\d{0,8}$/.test(states))) return
    return { file, json: values.json ?? false, ...(states !== undefined && { maximumStates: Number(states) }) }
  } catch {
    return
  }
}
