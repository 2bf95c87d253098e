/** What the worker's sandbox loads. */
export { order } from './order.ts'
