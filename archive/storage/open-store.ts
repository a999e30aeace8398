import { createFolderStore } from './folder-store.ts'
import type { MediaStore } from './media-store.ts'

/** The store that the settings name. */
export function openMediaStore({ storeDir }: { readonly storeDir: string }): MediaStore {
  return createFolderStore(storeDir)
}
