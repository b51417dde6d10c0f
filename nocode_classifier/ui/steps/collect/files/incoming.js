// What a drop, a choice or a paste holds, as a flat list of {file, relative}, and what is left out.

const HIDDEN = new Set(["__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"]);
const ARCHIVE = /\.(zip|tar|tgz|tbz2|txz|tar\.(gz|bz2|xz))$/i;
const OTHER_ARCHIVE = /\.(rar|7z|bz2|xz|gz)$/i;
const TABLE = /\.(csv|tsv)$/i; // in a folder it may say what the photos beside it show
const FORMATS = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|avif|hei[cf])$/i;

const isHidden = (relative) => relative.split("/").some((part) => part.startsWith(".") || HIDDEN.has(part.toLowerCase()));

/** Files of an <input>; a chosen folder brings its sub-folder names along. */
export function fromInput(files) {
  const found = [...files].map((file) => ({ file, relative: file.webkitRelativePath || file.name }));
  const chosenFolder = found.some((one) => one.relative.includes("/"));
  return chosenFolder ? found.sort((one, other) => inOrder(one.relative, other.relative)) : found;
}

/** Files of the clipboard. A copied picture has no name of its own, so it gets one. */
export function fromClipboard(data) {
  return [...data.files].map((file) => {
    const nameless = /^image\.\w+$/.test(file.name);
    return { file, relative: nameless ? file.name.replace("image", `pasted ${new Date().toTimeString().slice(0, 8).replaceAll(":", ".")}`) : file.name };
  });
}

/** Files of a drop, folders walked. The entries must be asked for before anything is awaited. */
export function fromDrop(data) {
  const entries = [...data.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.())
    .filter(Boolean);
  if (!entries.length) return Promise.resolve(fromInput(data.files));
  return walkAll(entries);
}

async function walkAll(entries) {
  const found = [];
  for (const entry of entries) found.push(...(await walk(entry)));
  return found;
}

async function walk(entry) {
  const relative = entry.fullPath.replace(/^\//, "");
  if (isHidden(relative)) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file ? [{ file, relative }] : [{ relative, reason: "It could not be read from your disk." }];
  }
  const reader = entry.createReader();
  const children = [];
  for (;;) {
    // a folder is listed a hundred at a time
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) break;
    children.push(...some);
  }
  return walkAll(children.sort((one, other) => inOrder(one.name, other.name)));
}

/** "2.jpg" before "10.jpg"; browsers list folders in no order at all. */
function inOrder(one, other) {
  return one.localeCompare(other, undefined, { numeric: true });
}

/** Split into what is worth uploading and what can be refused here, with the reason. */
export function sortOut(found, limits) {
  const wanted = [];
  const refused = [];
  for (const { file, relative, reason } of found) {
    if (isHidden(relative)) continue;
    const labels = relative.includes("/") && TABLE.test(relative);
    const why = reason || (labels ? null : whyNot(file, limits));
    if (why) refused.push({ name: relative, reason: why });
    else wanted.push({ file, relative });
  }
  return { wanted, refused };
}

function whyNot(file, limits) {
  const megabytes = (bytes) => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
  if (ARCHIVE.test(file.name)) {
    return file.size > limits.archive_bytes
      ? `This archive has ${megabytes(file.size)}; at most ${megabytes(limits.archive_bytes)} can be opened. Make several smaller ones.`
      : null;
  }
  if (OTHER_ARCHIVE.test(file.name)) return "This kind of archive can't be opened. Pack the photos as a .zip instead.";
  if (/^(video|audio|text)\//.test(file.type) || /\.(pdf|docx?|xlsx?|pptx?|psd|svg)$/i.test(file.name)) {
    if (!FORMATS.test(file.name)) return "This is not a photo.";
  }
  if (!file.size) return "The file is empty.";
  if (file.size > limits.photo_bytes) return `It has ${megabytes(file.size)}; a photo may have at most ${megabytes(limits.photo_bytes)}.`;
  return null;
}
