import { openStore } from '../../../store/open-store.ts'
import { describeChannels, outboxOn, peopleWith, tell } from '../telling.ts'

// A process of its own that tells somebody until it is killed. `write`: it has no time to send anything.
const [dataFolder, url, until] = process.argv.slice(2)
const store = await openStore({ dataFolder: dataFolder! })
const outbox = outboxOn(store, describeChannels({ hook: { type: 'webhook', url, secret: 's', timeout: '1s' } }))
if (until === 'write') await outbox.stop()
const told = tell(store, outbox, 'main', peopleWith({ id: 'mei', channels: ['hook'] }), { id: 'A-1/n1' })
while ((await store.deliveriesOf('main', 'A-1/n1')).length < 2) await new Promise(resolve => setTimeout(resolve, 20))
console.log('written')
await told
