import type { OrderClient } from '../order-client/order-client.ts'
import type { KeptDirectory } from '../store/kept-directory.ts'
import type { Store } from '../store/open-store.ts'
import type { ProcessCatalogue } from './process-catalogue.ts'

/** What is needed to give an order a command, by whoever gives it. */
export interface CommandDependencies {
  readonly store: Pick<Store, 'getOrder' | 'takenNumbers' | 'markStarted' | 'recordAttempt'>
  readonly orders: OrderClient
  readonly catalogue: ProcessCatalogue
  /** Today's people. */
  readonly people: Pick<KeptDirectory, 'today'>
  readonly clock: () => Date
  readonly logger: { warn(about: object, message: string): void }
}
