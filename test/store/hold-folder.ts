import { openStore } from '../../store/open-store.ts'

// A process of its own that opens the folder's store, says so, and keeps it until it is killed.
const store = await openStore({ dataFolder: process.argv[2]! })
await store.insertDefinition({ organisation: 'main', processId: 'kept', version: process.pid, document: {} })
console.log('open')
setInterval(() => {}, 60_000)
