import { freePort } from '../cli/temporal/port.ts'

/** Systems give ports from 32768 on (Linux) or 49152 on to whoever opens a connection. */
const [first, count] = [12_000, 20_000]
const attempts = 50

/**
 * A free port for a server that is to come back on it: nobody is given it by chance meanwhile, however many tests open
 * connections beside it.
 */
export async function steadyPort(): Promise<number> {
  for (let left = attempts; ; left -= 1) {
    const port = first + Math.floor(Math.random() * count)
    try {
      return await freePort('127.0.0.1', port, 'a test', '')
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
