import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { openStore, type Store } from '../../../store/open-store.ts'
import { TestSandbox } from '../../connectors/sandbox/test-sandbox.ts'
import { sharedPostgres, whyNoPostgres } from '../../postgres.ts'
import { workflowBundle } from '../../workflow-bundle.ts'
import { sideBySide } from '../side-by-side.ts'
import { DyingRound } from './dying-round.ts'

/** What the rounds of a suite share. */
export interface DyingSurroundings {
  readonly definition: CompiledDefinition
  readonly sandbox: TestSandbox
  readonly databaseUrl: string
  readonly store: Store
  readonly bundleFile: string
}

/** More workers that start at once would only wait for each other. */
const mostAtOnce = 4

/** Tests in each of which a worker of its own is killed: all of them together, since most of their time they wait. */
export function dyingSuite(
  title: string,
  definition: CompiledDefinition,
  tests: Readonly<Record<string, (round: DyingRound) => Promise<void>>>,
): void {
  describe(title, function () {
    this.timeout(300_000)
    const why = whyNoPostgres()
    if (why !== null) {
      it.skip(`[I] skipped: ${why}`)
      return
    }
    let folder: string
    let surroundings: DyingSurroundings
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dying-'))
      const [sandbox, postgres, bundle] = await Promise.all([TestSandbox.start(), sharedPostgres(), workflowBundle()])
      const databaseUrl = await postgres.createDatabase()
      const bundleFile = join(folder, 'bundle.js')
      await writeFile(bundleFile, bundle.code)
      const store = await openStore({ dataFolder: folder, databaseUrl })
      surroundings = { definition, sandbox, databaseUrl, store, bundleFile }
    })
    after(async () => {
      await surroundings.store.close()
      await surroundings.sandbox.stop()
      await rm(folder, { recursive: true })
    })

    const inRound = (test: (round: DyingRound) => Promise<void>) => async () => {
      const round = await DyingRound.begin(surroundings)
      try {
        await test(round)
      } finally {
        await round.end()
      }
    }
    const inRounds = Object.entries(tests).map(([name, test]) => [name, inRound(test)] as const)
    sideBySide(Object.fromEntries(inRounds), mostAtOnce)
  })
}
