/**
 * The character classes `\p{…}` that agents of Consul 1.8.7 support (Go 1.14: Unicode 12). Our RE2
 * port also supports properties and scripts that Go added later or never.
 */
export const AGENT_CHARACTER_CLASSES: ReadonlySet<string> = new Set(
  `Any
  C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp
  Zs
  Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali
  Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian
  Chakma Cham Cherokee Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dogra Duployan
  Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati
  Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic
  Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li
  Kharoshthi Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian
  Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek
  Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar
  Nabataean Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki
  Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian
  Old_Turkic Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician
  Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala
  Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham
  Tai_Viet Takri Tamil Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Ugaritic Vai Wancho
  Warang_Citi Yi Zanabazar_Square`.split(/\s+/),
);

/**
 * The classes that agents of every version support. Go 1.25 and later refuse names with an underscore or
 * an inner capital, such as `Old_Turkic` and `SignWriting`; each agent compiles an expression by itself,
 * and ignores an event whose expression it refuses (PROTOCOL.md §2.2).
 */
const PORTABLE_CLASSES: ReadonlySet<string> = new Set(
  [...AGENT_CHARACTER_CLASSES].filter((name) => !/_|.[A-Z]/.test(name)),
);

/**
 * Finds syntax that our RE2 port accepts but not all agents do: `(?<name>…)`, which Go supports since
 * 1.22, and classes that Go lacks, added later, or renamed.
 * @returns the unsupported part of the expression
 */
export function findUnsupportedSyntax(expression: string): string | undefined {
  let inClass = false;
  for (let i = 0; i < expression.length; i++) {
    const rest = expression.slice(i);
    if (rest.startsWith('\\Q') && !inClass) {
      const end = expression.indexOf('\\E', i + 2);
      if (end === -1) return undefined;
      i = end + 1;
    } else if (rest.startsWith('\\')) {
      const [classSyntax, name] = /^\\[pP]\{([^}]*)\}/.exec(rest) ?? [];
      if (name !== undefined && !PORTABLE_CLASSES.has(name.replace(/^\^/, ''))) return classSyntax;
      i += (classSyntax?.length ?? 2) - 1;
    } else if (inClass) {
      const namedClass = /^\[:\^?\w+:\]/.exec(rest)?.[0];
      if (namedClass !== undefined) i += namedClass.length - 1;
      else inClass = !rest.startsWith(']');
    } else if (rest.startsWith('[')) {
      inClass = true;
      i += (/^\[\^?\]?/.exec(rest)?.[0].length ?? 1) - 1;
    } else if (/^\(\?<[^=!]/.test(rest)) {
      return /^\(\?<[^>]*>?/.exec(rest)?.[0];
    }
  }
  return undefined;
}
