import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const program = join(import.meta.dirname, '../../cli/main.ts')

export interface Ran {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly problem: string
}

/** Runs `nolimbo` against an API that the test has started. */
export async function askByProgram(apiUrl: string, ...args: string[]): Promise<Ran> {
  const { hostname, port } = new URL(apiUrl)
  const env = { ...process.env, HOST: hostname, PORT: port, NOLIMBO_AUTH: '', NOLIMBO_KEY: '' }
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const [out, problem, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, lines: out.trimEnd().split('\n'), problem }
}
