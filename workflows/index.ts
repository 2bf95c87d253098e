/** What the worker's sandbox loads. */
export { bulk } from './bulk.ts'
export { exceptionClock } from './exception-clock.ts'
export { order } from './order.ts'
