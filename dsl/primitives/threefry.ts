/** Constants of Threefry-2x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */

/** Rotations of the rounds, four at a time. */
export const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24]
] as const

/** The word that stands for the key's parity (Skein's constant). */
export const parity = 0x1bd11bda
