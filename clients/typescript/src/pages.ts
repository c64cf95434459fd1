import type { Page } from './requests.js';

/** Reads page after page, each when its first item is requested. A page may be empty and have a next one. */
export async function* pages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncIterableIterator<T> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
