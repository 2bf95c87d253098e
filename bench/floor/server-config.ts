import { stringify } from 'yaml'

interface ServicePorts {
  readonly rpc: number
  readonly membership: number
}

export interface ServerPorts {
  readonly frontend: number
  readonly services: Readonly<Record<'frontend' | 'history' | 'matching' | 'worker', ServicePorts>>
}

const historyShards = 64

/** Of a Temporal server: all its services in one process, on loopback, with a database on PostgreSQL. */
export function serverConfig({ frontend, services }: ServerPorts, postgresPort: number): string {
  const sql = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${postgresPort}`,
      connectProtocol: 'tcp',
      user: 'nolimbo',
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  })
  return stringify({
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { default: sql('temporal', 40), visibility: sql('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      Object.entries(services).map(([name, { rpc, membership }]) => [
        name,
        { rpc: { grpcPort: rpc, membershipPort: membership, bindOnLocalHost: true } },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  })
}
