import { setTimeout as pause } from 'node:timers/promises'

const pauseMs = 2_000

interface Keepable {
  readonly ended: Promise<unknown>
  readonly stop: () => Promise<unknown>
}

/**
 * Starts a part again when it dies: orders only wait meanwhile.
 * @throws if it cannot be started the first time
 */
export async function keepAlive<Part extends Keepable>(
  start: () => Promise<Part>,
  tell: (what: string) => void,
): Promise<{ readonly first: Part; readonly stop: () => Promise<void> }> {
  const stopping = new AbortController()
  const first = await start()
  let current = first
  const again = async (): Promise<void> => {
    tell('ended unexpectedly; starting it again')
    while (!stopping.signal.aborted) {
      try {
        current = await start()
        if (stopping.signal.aborted) await current.stop()
        else tell('runs again')
        return
      } catch (error) {
        tell(`could not be started: ${(error as Error).message}`)
        await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.ended
      if (stopping.signal.aborted) return
      await again()
    }
  }
  const watching = watch()
  return {
    first,
    stop: async () => {
      stopping.abort()
      await current.stop()
      // It may be on its way up again.
      await watching
    },
  }
}
