import type { CallOutcome, CallRequest } from '../domain/call.ts'
import type { Connector } from './connector.ts'
import type { ConnectorsDescription, Idempotency } from './description.ts'
import { type Environment, fillEnvironment } from './fill-environment.ts'
import { HttpConnector } from './http-connector.ts'

export interface OfferedOperation {
  readonly connector: string
  readonly idempotency: Idempotency
}

/** Every connector of the installation, found by the operation that is asked for. */
export interface Connectors extends Connector {
  operations(): Readonly<Record<string, OfferedOperation>>
}

/** Throws when two connectors offer the same operation, or when an environment variable is missing. */
export function createConnectors(description: ConnectorsDescription, environment: Environment): Connectors {
  const connectors = new Map<string, Connector>()
  const offered: Record<string, OfferedOperation> = {}
  for (const [name, connectorDescription] of Object.entries(description.connectors)) {
    const connector = new HttpConnector(fillEnvironment(name, connectorDescription, environment))
    for (const [operation, { idempotency }] of Object.entries(connectorDescription.operations)) {
      const other = offered[operation]
      if (other) throw new Error(`connectors ${other.connector} and ${name} both offer ${operation}`)
      offered[operation] = { connector: name, idempotency }
      connectors.set(operation, connector)
    }
  }
  return {
    operations: () => offered,
    async call(request: CallRequest, signal: AbortSignal, attempt: number): Promise<CallOutcome> {
      const connector = connectors.get(request.operation)
      if (connector) return connector.call(request, signal, attempt)
      const message = `no connector offers ${request.operation}`
      return { ok: false, code: 'no_such_operation', message, certainty: 'not_done' }
    },
  }
}
