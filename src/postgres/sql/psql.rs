//! What psql does with a script before a server gets it: its commands, its variables, the data behind `COPY`.

/// A script as a server would get it, as long as it was.
pub(super) struct Prepared {
    pub(super) text: Vec<u8>,
    /// Where statements end.
    pub(super) ends: Vec<usize>,
    pub(super) deepest: usize,
    /// Whether what was taken out may have been part of what is left.
    pub(super) hopeless: bool,
    /// Whether a command of psql decides what runs, or where, or whether an error ends it.
    pub(super) steered: bool,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Prepared,
    depth: usize,
    /// Where the statement began that is being read.
    begin: usize,
    /// Whether a variable stands in it.
    open: bool,
}

/// Commands of psql that end a statement and send it.
const SENDING: [&str; 9] =
    ["g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch", "bind", "bind_named"];

/// Commands of psql behind which other statements run than those of the script, or in another session.
const STEERING: [&str; 15] = [
    "c",
    "connect",
    "elif",
    "else",
    "endif",
    "gexec",
    "i",
    "if",
    "include",
    "include_relative",
    "ir",
    "q",
    "quit",
    "r",
    "reset",
];

impl Prepared {
    pub(super) fn of(script: &str) -> Self {
        let out =
            Prepared { text: script.into(), ends: Vec::new(), deepest: 0, hopeless: false, steered: false };
        let mut reader = Reader { bytes: script.as_bytes(), at: 0, out, depth: 0, begin: 0, open: false };
        while reader.at < reader.bytes.len() {
            reader.step();
        }
        reader.end_statement();
        // Statements inside a function's body are not told apart here.
        let atomic = script.to_ascii_lowercase().contains("atomic");
        reader.out.hopeless |= atomic && reader.out.text != script.as_bytes();
        reader.out
    }
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = &self.bytes[self.at..];
        match rest[0] {
            b'\'' => self.string(),
            b'"' => self.skip_to(b"\"", 1),
            b'-' if rest.starts_with(b"--") => self.skip_line(),
            b'/' if rest.starts_with(b"/*") => self.comment(),
            b'$' => self.dollar(),
            b'\\' => self.command(),
            b':' => self.variable(),
            b'(' | b'[' => {
                self.depth += 1;
                self.out.deepest = self.out.deepest.max(self.depth);
                self.at += 1;
            }
            b')' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            b';' if self.depth == 0 => {
                self.at += 1;
                self.end_statement();
            }
            _ => self.at += 1,
        }
    }

    fn blank(&mut self, from: usize, to: usize) {
        for byte in &mut self.out.text[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }

    fn end_statement(&mut self) {
        if std::mem::take(&mut self.open) {
            self.blank(self.begin, self.at);
        }
        let text = String::from_utf8_lossy(&self.bytes[self.begin..self.at]).to_ascii_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let from_stdin = words.windows(2).any(|pair| pair[0] == "from" && pair[1].starts_with("stdin"));
        if words.first() == Some(&"create") {
            // The parser knows these words behind `OR REPLACE` only; without them the statement is read the same.
            for word in words[1..].iter().take_while(|word| ["trusted", "procedural"].contains(word)) {
                let at = self.begin + text.find(word).unwrap_or_default();
                self.blank(at, at + word.len());
            }
        }
        self.begin = self.at;
        if words.first() == Some(&"copy") && from_stdin {
            self.data();
        }
        self.out.ends.push(self.at);
    }

    /// The lines behind `COPY … FROM stdin`, up to `\.`.
    fn data(&mut self) {
        let start = self.at;
        self.skip_line();
        while self.at < self.bytes.len() {
            let line = self.at;
            self.at += 1;
            self.skip_line();
            if self.bytes[line..self.at].trim_ascii() == b"\\." {
                break;
            }
        }
        self.blank(start, self.at);
        self.begin = self.at;
    }

    /// To the end of the line, its line break left out.
    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    /// Behind the next `end`, or to the end of the script.
    fn skip_to(&mut self, end: &[u8], from: usize) {
        let rest = &self.bytes[(self.at + from).min(self.bytes.len())..];
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.bytes.len(), |place| self.at + from + place + end.len());
    }

    fn is_word(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
    }

    fn before(&self, back: usize) -> Option<u8> {
        self.at.checked_sub(back).map(|at| self.bytes[at])
    }

    /// Two quotes in a row are a string's end and another's begin, which is the same here.
    fn string(&mut self) {
        let escapes =
            matches!(self.before(1), Some(b'e' | b'E')) && !self.before(2).is_some_and(Self::is_word);
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' if escapes => self.at = (self.at + 1).min(self.bytes.len()),
                b'\'' => break,
                _ => {}
            }
        }
    }

    fn comment(&mut self) {
        let mut depth = 0;
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
    }

    fn dollar(&mut self) {
        let rest = &self.bytes[self.at..];
        let tag = rest[1..].iter().position(|byte| !Self::is_word(*byte)).map_or(rest.len(), |end| end + 1);
        let quotes = rest.get(tag) == Some(&b'$') && !rest[1].is_ascii_digit();
        if quotes && !self.before(1).is_some_and(Self::is_word) {
            let end = rest[..=tag].to_vec();
            self.skip_to(&end, end.len());
        } else {
            self.at += 1;
        }
    }

    /// A command of psql, to the end of its line.
    fn command(&mut self) {
        let start = self.at;
        if self.bytes[start..].starts_with(b"\\;") {
            self.blank(start, start + 1);
            self.at += 1;
            return;
        }
        self.skip_line();
        let line = String::from_utf8_lossy(&self.bytes[start + 1..self.at]).to_ascii_lowercase();
        let word = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let pending = self.out.text[self.begin..start].iter().any(|byte| !byte.is_ascii_whitespace());
        self.blank(start, self.at);
        self.out.steered |= STEERING.contains(&word)
            || matches!(word, "set" | "unset") && (line.contains("on_error") || line.contains("autocommit"));
        if SENDING.contains(&word) && pending {
            self.out.text[start] = b';';
            self.end_statement();
        } else if word == "copy" && line.contains("stdin") {
            self.data();
        } else if pending
            && matches!(word, "if" | "elif" | "else" | "endif" | "r" | "reset" | "i" | "ir" | "e")
        {
            // A part of the statement is here or there, or nowhere.
            self.open = true;
        }
    }

    fn variable(&mut self) {
        let start = self.at;
        self.at += 1;
        match self.bytes.get(self.at) {
            Some(b':' | b'=') => self.at += 1,
            // With quotes it becomes a literal or a name, whatever it holds.
            Some(b'\'' | b'"') => self.blank(start, start + 1),
            Some(b'{') => self.open = true,
            Some(next) if Self::is_word(*next) => self.open = true,
            _ => {}
        }
    }
}
