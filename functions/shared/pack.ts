export interface Parcel {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/**
 * Cuts a list into parcels, in order, each as full as its limits allow. An item that exceeds the
 * limit of bytes alone gets a parcel of its own.
 */
export function pack<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  { maxItems, maxBytes }: Parcel,
): readonly (readonly Item[])[] {
  const parcels: Item[][] = [];
  let current: Item[] = [];
  let currentBytes = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (current.length === 0 || current.length === maxItems || currentBytes + bytes > maxBytes) {
      current = [];
      currentBytes = 0;
      parcels.push(current);
    }
    current.push(item);
    currentBytes += bytes;
  }
  return parcels;
}
