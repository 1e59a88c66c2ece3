// What zip archives are made of (PKWARE APPNOTE 6.3). zlib inflates; the records are read and written here. (fflate 0.8
// checks no CRC-32.)

export const signature = {
  local: 0x04034b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50
} as const

/** A field of 2 or 4 bytes that holds this has its value in a zip64 record. */
export const mask16 = 0xffff
export const mask32 = 0xffffffff

/** The kind of extra that holds an entry's zip64 values. */
export const zip64Extra = 1

/** Compression methods. */
export const stored = 0
export const deflated = 8
