import { Client, Connection } from '@temporalio/client'
import type { TemporalAccess } from '../../config/temporal-access.ts'

/** Does something with a client of its own. */
export async function connected<T>(
  access: TemporalAccess,
  namespace: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect(access)
  try {
    return await work(new Client({ connection, namespace }))
  } finally {
    await connection.close()
  }
}
