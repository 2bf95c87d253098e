/** Something that happens again and again, until it is stopped. */
export interface Repeating {
  /** Waits for the time that is under way. */
  stop(): Promise<void>
}

/**
 * Runs at once, or after a first pause, and then with a pause after each time: it never runs twice at once, and nothing
 * it throws ends it.
 */
export function repeatEvery(
  pauseMs: number,
  run: () => Promise<void>,
  onError: (error: unknown) => void,
  firstPauseMs = 0,
): Repeating {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const turn = async (): Promise<void> => {
    try {
      await run()
    } catch (error) {
      onError(error)
    }
    if (!stopped) after(pauseMs)
  }
  const after = (ms: number): void => {
    timer = setTimeout(() => {
      running = turn()
    }, ms)
  }
  let running = Promise.resolve()
  if (firstPauseMs > 0) after(firstPauseMs)
  else running = turn()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
