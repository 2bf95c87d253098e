import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/** One place to look. `locate` gives a path, or throws an Error whose message is the reason why there is none. */
export type Candidate = { readonly place: string; readonly locate: () => Promise<string> }

export type FoundProgram = {
  readonly path: string
  readonly version: string
  /** Where it was found, in words. */
  readonly place: string
  /** The places before it, each with the reason why it was not taken. */
  readonly passedOver: readonly string[]
}

/** Runs the program at `path` and gives its version; throws if it cannot be run or is not the one that is wanted. */
export type Verify = (path: string) => Promise<string>

/** The first candidate that can be located and verified; otherwise each place with its reason. */
export const findProgram = async (
  candidates: readonly Candidate[],
  verify: Verify,
): Promise<FoundProgram | { readonly reasons: readonly string[] }> => {
  const reasons: string[] = []
  for (const { place, locate } of candidates) {
    try {
      const path = await locate()
      return { path, version: await verify(path), place, passedOver: reasons }
    } catch (error) {
      reasons.push(`${place}: ${(error as Error).message}`)
    }
  }
  return { reasons }
}

/** The program that an environment variable names. */
export const namedBy = (env: NodeJS.ProcessEnv, variable: string): Candidate => ({
  place: variable,
  locate: async () => {
    const path = env[variable]
    if (path === undefined || path === '') throw new Error('not set')
    return existing(path)
  },
})

/** The first program of this name in the folders of PATH. */
export const onPath = (env: NodeJS.ProcessEnv, name: string): Candidate => ({
  place: `${name} on the PATH`,
  locate: async () => {
    const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
    const path = folders.map(folder => join(folder, name)).find(isExecutable)
    if (path === undefined) throw new Error('not there')
    return path
  },
})

export const fileAt = (path: string): Candidate => ({ place: resolve(path), locate: async () => existing(path) })

const existing = (path: string): string => {
  if (!existsSync(path)) throw new Error(`there is no file ${resolve(path)}`)
  if (!isExecutable(path)) throw new Error(`${resolve(path)} may not be executed`)
  return resolve(path)
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export type Outcome = { readonly code: number | null; readonly output: string }

/** Runs a command to its end. @throws if it cannot be run, or takes longer than `timeoutMs` */
export const runCommand = (
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const { timeoutMs: timeout, env } = options
    execFile(command, args, { env, timeout, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`.trim()
      if (error === null) resolve({ code: 0, output })
      else if (error.killed) reject(new Error(`no end after ${timeout / 1000} s`))
      else if (typeof error.code === 'number') resolve({ code: error.code, output })
      else reject(new Error(error.code === 'ENOENT' ? 'not found' : `could not be run (${error.code ?? error.signal})`))
    })
  })

/** The line of a command's output that most likely says what was wrong. */
export const lastLine = (output: string): string => output.trim().split('\n').at(-1)!.trim().slice(0, 300)
