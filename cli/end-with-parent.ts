const ORPHAN_LIMIT_MS = 4_000

/**
 * For a node program of ours that `spawnPart` started as `own`: calls `stop` and ends when it is told to, or when the
 * process that started it has died. An orphan ends within 4 s even if `stop` does not; otherwise the parent sets the limit.
 */
export const endWithParent = (stop: () => Promise<void>): void => {
  let ending = false
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    try {
      await stop()
      process.exit(0)
    } catch (error) {
      console.error(error)
      process.exit(1)
    }
  }
  const endOrphan = (): void => {
    setTimeout(() => process.exit(1), ORPHAN_LIMIT_MS)
    void end()
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('disconnect', endOrphan)
  // The parent may have died before anybody listened.
  if (process.send !== undefined && !process.connected) endOrphan()
}
