import { IllegalStateError } from '@temporalio/common'
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'

/** The faults that these tests make are not worth a warning each. The runtime goes with its last worker. */
export function hushRuntime(): void {
  try {
    const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) }
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } })
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error
  }
}
