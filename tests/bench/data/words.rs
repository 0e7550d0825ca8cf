//! Words with a published frequency, so that a search can be chosen by how much it finds.
//!
//! Every text is filler (4,000 words, the n-th as frequent as 1/n of the first) with words planted
//! among it: one of a set so large that each stands in about five texts, twenty words of which each
//! stands in every thousandth text, five of which each stands in every tenth, and four words for
//! each of five beginnings of three letters, each in every hundredth.

/// A small generator of numbers that looks random and is the same everywhere (SplitMix64).
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

const COMMON: &str = "the to and not a of is in on it for with user after when no has been was \
    again can we from this but error screen works laptop since morning please account still access \
    email shows window message started network password tried docking restart meeting login \
    application folder file update server device cable battery keyboard cannot open only another \
    colleague floor room phone slow crashed disk share drive permission group list report page \
    browser certificate expired token locked unlocked reset ticket urgent customer order invoice \
    warehouse scanner label tablet display adapter wireless signal office home remote session \
    profile settings version installed removed missing failed waiting checked confirmed solved";

/// In every tenth text.
pub const TENTH: [&str; 5] = ["outlook", "vpn", "citrix", "sap", "teams"];
/// In every hundredth text, four words a beginning.
pub const BEGINNINGS: [(&str, [&str; 4]); 5] = [
    ("pri", ["printer", "printing", "private", "priced"]),
    ("mon", ["monitor", "monday", "monthly", "monetary"]),
    ("bac", ["backup", "backlog", "backlight", "bachelor"]),
    ("jun", ["junction", "junior", "junk", "june"]),
    ("fax", ["faxes", "faxed", "faxing", "faxmodem"]),
];

pub struct Words {
    filler: Vec<String>,
    /// Sums of 1/n, scaled to 64 bits: a number below finds its word by halving.
    sums: Vec<u64>,
    thousandth: Vec<String>,
    /// How many rare words there are.
    rare: u64,
}

impl Words {
    pub fn new(texts: u64) -> Self {
        let mut random = Random(7);
        let mut filler: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        while filler.len() < 4_000 {
            let word = made_up(&mut random, b"dghklmnrstv", b"aeiou");
            let taken = BEGINNINGS.iter().any(|(begin, _)| word.starts_with(begin));
            if !taken && !filler.contains(&word) {
                filler.push(word);
            }
        }
        let total: f64 = (1..=filler.len()).map(|n| 1.0 / n as f64).sum();
        let mut sum = 0.0;
        let sums = (1..=filler.len())
            .map(|n| {
                sum += 1.0 / n as f64;
                (sum / total * u64::MAX as f64) as u64
            })
            .collect();
        let mut thousandth = Vec::new();
        while thousandth.len() < 20 {
            let word = format!("q{}", made_up(&mut random, b"bcfpwz", b"aeiou"));
            if !thousandth.contains(&word) {
                thousandth.push(word);
            }
        }
        Self {
            filler,
            sums,
            thousandth,
            rare: (texts / 5).max(1),
        }
    }

    pub fn thousandth(&self) -> &[String] {
        &self.thousandth
    }

    /// The rare word of a text: the same for about five texts, far from each other.
    pub fn rare(&self, text: u64) -> String {
        format!("x{:06}", Random(text).next() % self.rare)
    }

    /// `n` words of filler.
    pub fn sentence(&self, random: &mut Random, n: usize, out: &mut String) {
        for i in 0..n {
            if i > 0 {
                out.push(' ');
            }
            let at = self.sums.partition_point(|sum| *sum < random.next());
            out.push_str(&self.filler[at.min(self.filler.len() - 1)]);
        }
    }

    /// A text of about `n` words with this text's words planted in it.
    pub fn text(&self, text: u64, n: usize) -> String {
        let random = &mut Random(text.wrapping_mul(31).wrapping_add(5));
        let mut out = String::with_capacity(n * 8);
        self.sentence(random, n / 2, &mut out);
        out.push_str(". ");
        out.push_str(&self.rare(text));
        let planted = self.thousandth.iter().map(|w| (w.as_str(), 1_000));
        let planted = planted.chain(TENTH.iter().map(|w| (*w, 10)));
        let beginnings = BEGINNINGS.iter().flat_map(|(_, words)| words.iter());
        for (word, one_in) in planted.chain(beginnings.map(|w| (*w, 100))) {
            if random.chance(one_in) {
                out.push(' ');
                out.push_str(word);
            }
        }
        out.push(' ');
        self.sentence(random, n - n / 2, &mut out);
        out.push('.');
        out
    }

    /// A person's or a service's name.
    pub fn name(&self, random: &mut Random) -> String {
        let mut word = made_up(random, b"bdfgjklmnprstvw", b"aeiou");
        word[..1].make_ascii_uppercase();
        word
    }
}

fn made_up(random: &mut Random, consonants: &[u8], vowels: &[u8]) -> String {
    let mut word = String::new();
    for _ in 0..2 + random.below(2) {
        word.push(char::from(consonants[random.below(consonants.len())]));
        word.push(char::from(vowels[random.below(vowels.len())]));
        if random.chance(3) {
            word.push(char::from(consonants[random.below(consonants.len())]));
        }
    }
    word
}
