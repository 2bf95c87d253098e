import type { Client } from '@temporalio/client'

/** Before, a server lets a pinned workflow go on in a new run only where it was (tried with 1.29.1 and 1.30.2). */
const movesSince = [1, 30] as const

/** Why orders cannot be moved to another version on this server; undefined: they can. */
export async function whyNoMoves(client: Client): Promise<string | undefined> {
  const { serverVersion } = await client.workflowService.getSystemInfo({})
  return tooOldToMove(serverVersion ?? '')
}

export function tooOldToMove(serverVersion: string): string | undefined {
  const [major, minor] = serverVersion.split('.').map(Number)
  // Temporal Cloud names its versions otherwise.
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return undefined
  const isOld = major < movesSince[0] || (major === movesSince[0] && minor < movesSince[1])
  if (!isOld) return undefined
  return `the server is ${serverVersion}; orders can be moved from ${movesSince.join('.')} on`
}
