import { startSandbox } from './server.ts'

/*
 * A stranger's system: warehouse, carrier and bank in one small server. It must not know the order system's code,
 * only its address.
 */

const { SANDBOX_PORT, SANDBOX_DATA, SANDBOX_CALLBACK_URL, SANDBOX_CALLBACK_KEY } = process.env

const port = Number(SANDBOX_PORT || 0)
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`SANDBOX_PORT is not a port: ${SANDBOX_PORT}`)

// Whoever started us has gone, perhaps without a word.
process.once('disconnect', () => process.exit(0))

const sandbox = await startSandbox({
  port,
  folder: SANDBOX_DATA || '.nolimbo/sandbox',
  ...(SANDBOX_CALLBACK_URL
    ? { callback: { url: SANDBOX_CALLBACK_URL.replace(/\/+$/, ''), key: SANDBOX_CALLBACK_KEY || 'demo-shop' } }
    : {}),
})
const listening = { listening: sandbox.port }
console.log(JSON.stringify(listening))
process.send?.(listening)
