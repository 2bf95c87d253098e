import type { Logger } from 'pino'
import type { Alarm } from '../activities/tell-last-resort.ts'
import type { ProcessCatalogue } from '../commands/process-catalogue.ts'
import type { Environment } from '../config/environment.ts'
import type { LoadedProcesses } from '../config/processes.ts'
import type { NoticeOutcome } from '../domain/core/input.ts'
import type { OrderClient } from '../order-client/order-client.ts'
import type { KeptDirectory } from '../store/kept-directory.ts'
import type { KeptMatrices } from '../store/kept-matrices.ts'
import type { Store } from '../store/open-store.ts'
import type { Authenticate } from './auth/authenticate.ts'
import type { KnownKeys } from './auth/known-keys.ts'
import type { Rates } from './http/rates.ts'
import type { Metrics } from './metrics.ts'
import type { InTurn } from './orders/in-turn.ts'
import type { CheckProcess } from './process-check.ts'

/** What whoever composes the API gives it. */
export interface AppDependencies {
  readonly store: Store
  readonly orders: OrderClient
  readonly processes: LoadedProcesses
  readonly environment: Pick<Environment, 'auth' | 'rateLimits' | 'host' | 'temporal'>
  readonly logger: Logger
  readonly clock: () => Date
  readonly metrics: Metrics
  /** Whether a definition may be published. */
  readonly check: CheckProcess
  /** What concerns the whole installation: whoever is there when nobody else is. */
  readonly tellLastResort: (alarm: Alarm) => Promise<NoticeOutcome>
  /** The Temporal Web UI's address; undefined: not known. */
  readonly temporalUiUrl?: string
}

/** What the routes work with. */
export interface ApiDependencies extends Omit<AppDependencies, 'temporalUiUrl'> {
  readonly authenticate: Authenticate
  readonly keys: KnownKeys
  readonly rates: Rates
  readonly catalogue: ProcessCatalogue
  readonly inTurn: InTurn
  /** Today's people. */
  readonly people: KeptDirectory
  /** Today's permission matrices. */
  readonly matrices: KeptMatrices
  readonly temporalUi?: { readonly url: string; readonly namespace: string }
}
