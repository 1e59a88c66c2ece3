import { type CatalogEntry, entriesHere } from "./catalog.ts"

/** How the plugins of one kind of device are named, found and got. */
export interface PluginSource {
  /** The kind of device, as messages name it. */
  readonly platform: string
  /** The builds that can be fetched. The first that fits the machine is the one that a device flag picks. */
  readonly catalog: ReadonlyArray<CatalogEntry>
  /** The machines that have plugins of this kind, as `thisMachine` names them. */
  readonly machines: ReadonlyArray<string>
  /** One of these words is in a plugin's name in PJRT_NAMES_AND_LIBRARY_PATHS. */
  readonly called: ReadonlyArray<string>
  /** The customary file names of its libraries. */
  readonly libraryName: RegExp
  /** Where Python packages keep its library, in a site-packages folder: the files to look for, the best first. */
  readonly inSitePackages: (site: string) => ReadonlyArray<string>
  /** A variable that names its library, read where nothing else is found. */
  readonly variable: string | undefined
  /** Whether the catalog's plugin is fetched without being asked for, or only by `loopcarry plugins fetch`. */
  readonly fetched: "unasked" | "when asked"
  /** How else to get a plugin that runs programs, in words. */
  readonly otherwise: string | undefined
  /** What to fetch, and how else to get it, where it need only compile. */
  readonly toCompile: { readonly fetch: string; readonly otherwise: string } | undefined
}

/** All entries of a source for this machine, the one that its device flag picks first. */
export const entriesOf = ({ catalog }: PluginSource): ReadonlyArray<CatalogEntry> => entriesHere(catalog)

/** The entry that a device flag picks on this machine. */
export const defaultEntry = (source: PluginSource): CatalogEntry | undefined => entriesOf(source)[0]
