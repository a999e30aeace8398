import { addAudit } from '#archive/catalog/audit.ts'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { addRoom, listRooms } from '#archive/catalog/rooms.ts'

/** Opens the catalogue named first and adds one to a counter as often as the second argument says; run as a process. */
const [file = '', times = '0', name = ''] = process.argv.slice(2)
const catalog = await openCatalog({ file })
const writes = Array.from({ length: Number(times) }, () =>
  catalog.write(async (db) => {
    // A read-modify-write: only writers that take turns count correctly.
    const count = (await listRooms(db)).length
    const slug = `room-${String(count + 1).padStart(5, '0')}`
    await addRoom(db, { slug, name: slug }, count)
    await addAudit(db, { atMs: count, by: name, action: 'count', subject: slug })
  }),
)
await Promise.all(writes)
await catalog.close()
