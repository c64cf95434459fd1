/** Largest body in bytes of UTF-8 that every front door takes, less a margin for the rest of the request (docs/limits.md). */
const BODY_BYTES = 4_600_000;

/** Largest body as Lambda's event carries it where that is text, with the same margin. */
const EVENT_BYTES = 6_200_000;

/** Bytes of a JSON text, in the two forms in which a front door may hand it to Lambda. */
export class Size {
  constructor(
    /** In UTF-8. */
    readonly utf8: number,
    /** Escaped once more: `"` and `\` count 2, a UTF-16 unit outside of ASCII 6. */
    readonly escaped: number,
  ) {}

  static readonly NONE = new Size(0, 0);

  static of(json: string): Size {
    let utf8 = json.length;
    let escaped = json.length;
    for (let i = 0; i < json.length; i++) {
      const unit = json.charCodeAt(i);
      if (unit === 0x22 || unit === 0x5c) {
        escaped += 1;
      } else if (unit >= 0x80) {
        escaped += 5;
        // half of a surrogate pair is 2 of the pair's 4 bytes
        utf8 += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
      }
    }
    return new Size(utf8, escaped);
  }

  /** Of both, with a comma between them. */
  plus(other: Size): Size {
    return new Size(this.utf8 + other.utf8 + 1, this.escaped + other.escaped + 1);
  }

  /** Whether a request can carry it through every front door. */
  fits(): boolean {
    return this.utf8 <= BODY_BYTES && this.escaped <= EVENT_BYTES;
  }
}
