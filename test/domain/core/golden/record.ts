import { type Golden, record, today } from './files.ts'

/* `npm run record-golden`: adds to the golden files what today's code can write and they do not have. */

for (const name of Object.keys(today) as Golden[]) console.log(`${name}: ${record(name)} added`)
