import type { Environment } from '../../config/environment.ts'
import { freePort } from '../temporal/port.ts'

const orAny = 'to another port (0 picks a free one)'

/**
 * The environment with a port of its own for the API, which the sandbox is told of before the API listens.
 * @throws Error naming the port that another program has, before anything is started
 */
export async function usablePorts(environment: Environment): Promise<Environment> {
  const { host, port, sandboxPort, temporal } = environment
  const mendTemporal = (variable: string) =>
    `Set ${variable} ${orAny}, or TEMPORAL_ADDRESS to use a Temporal server that is running already.`
  const api = await freePort(host, port, 'the API', `Set PORT ${orAny}.`)
  await freePort(loopback, sandboxPort, 'the sandbox', `Set SANDBOX_PORT ${orAny}.`)
  if (temporal.address === undefined) {
    await freePort(loopback, temporal.port, 'the Temporal server', mendTemporal('TEMPORAL_PORT'))
    await freePort(loopback, temporal.uiPort, "Temporal's Web UI", mendTemporal('TEMPORAL_UI_PORT'))
  }
  return { ...environment, port: api }
}

const loopback = '127.0.0.1'
