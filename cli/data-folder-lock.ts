import { resolve } from 'node:path'
import { lockFolder } from '../store/connection/folder-lock.ts'
import { FolderInUse } from '../store/store-error.ts'

export type DataFolderLock = { readonly release: () => void }

/**
 * Takes the data folder for this start alone, until it ends however it dies.
 * @throws if another process has it, naming that process
 */
export const lockDataFolder = (dataFolder: string): DataFolderLock => {
  try {
    return { release: lockFolder(dataFolder) }
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    const who = error.holderPid === null ? 'another process' : `process ${error.holderPid}`
    const end = error.holderPid === null ? 'End it first' : `End it first (kill ${error.holderPid})`
    throw new Error(
      `nolimbo is already running on the data folder ${resolve(dataFolder)}: ${who} has it. ${end}, or set NOLIMBO_DATA to another folder.`,
    )
  }
}
