/** What the worker's sandbox loads. */
export { exceptionClock } from './exception-clock.ts'
export { order } from './order.ts'
