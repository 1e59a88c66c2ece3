/** Copies up to this many bytes are quicker on this thread than handed to another. */
export const promptBytes = 1 << 20

/** An array of more axes is put by another thread. */
export const promptRank = 64

/** Both, for a device that has no limits of its own. */
export const promptLimits = { bytes: promptBytes, axes: promptRank } as const
