import { Connection } from '@temporalio/client'

/** What the Temporal server at this address says of itself. */
export async function serverVersion(address: string): Promise<string> {
  const connection = await Connection.connect({ address })
  try {
    return (await connection.workflowService.getSystemInfo({})).serverVersion ?? ''
  } finally {
    await connection.close()
  }
}
