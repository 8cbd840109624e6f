//! PostgreSQL's regular expressions (the manual, "POSIX Regular Expressions"; `regcomp.c`): whether the server would
//! compile one. A name in `pg_hba.conf` that it can't compile costs the whole file.

use std::iter::Peekable;
use std::str::Chars;

/// So many nested parentheses are refused before the server is asked.
const DEEPEST: u32 = 100;
/// `DUPMAX` in `regguts.h`.
const MOST_REPEATS: u32 = 255;

const CLASSES: [&str; 15] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit", "",
];

/// What keeps the server from compiling an advanced regular expression, in its words.
pub(crate) fn check(text: &str) -> Result<(), &'static str> {
    let mut reader = Reader { rest: text.chars().peekable(), groups: 0, open: Vec::new() };
    reader.alternatives(0)?;
    match reader.rest.next() {
        None => Ok(()),
        Some(_) => Err(UNBALANCED),
    }
}

const UNBALANCED: &str = "parentheses () not balanced";
const BRACKETS: &str = "brackets [] not balanced";
const BRACES: &str = "braces {} not balanced";
const OPERAND: &str = "quantifier operand invalid";
const REPETITION: &str = "invalid repetition count(s)";
const ESCAPE: &str = "invalid escape \\ sequence";
const RANGE: &str = "invalid character range";
const CLASS: &str = "invalid character class";
const COLLATING: &str = "invalid collating element";
const REFERENCE: &str = "invalid backreference number";
const DEPTH: &str = "regular expression is too complex";

type Found<T> = Result<T, &'static str>;

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    /// Groups that were opened so far.
    groups: u32,
    /// The numbers of those that are not closed yet.
    open: Vec<u32>,
}

/// What can be repeated, and what can't.
enum Piece {
    Atom,
    Constraint,
}

impl Reader<'_> {
    fn eat(&mut self, wanted: char) -> bool {
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn alternatives(&mut self, depth: u32) -> Found<()> {
        if depth > DEEPEST {
            return Err(DEPTH);
        }
        loop {
            while self.rest.peek().is_some_and(|next| !matches!(next, '|' | ')')) {
                let piece = self.piece(depth)?;
                self.quantifier(&piece)?;
            }
            if !self.eat('|') {
                return Ok(());
            }
        }
    }

    fn piece(&mut self, depth: u32) -> Found<Piece> {
        match self.rest.next() {
            Some('^' | '$') => Ok(Piece::Constraint),
            Some('*' | '+' | '?') => Err(OPERAND),
            Some('{') if self.rest.peek().is_some_and(char::is_ascii_digit) => Err(OPERAND),
            Some('(') => self.group(depth),
            Some('[') => self.brackets(),
            Some('\\') => self.escape(),
            _ => Ok(Piece::Atom),
        }
    }

    fn quantifier(&mut self, piece: &Piece) -> Found<()> {
        let bounds = {
            let mut ahead = self.rest.clone();
            ahead.next() == Some('{') && ahead.next().is_some_and(|next| next.is_ascii_digit())
        };
        if !bounds && self.rest.next_if(|next| matches!(next, '*' | '+' | '?')).is_none() {
            return Ok(());
        }
        if matches!(piece, Piece::Constraint) {
            return Err(OPERAND);
        }
        if bounds {
            self.bounds()?;
        }
        self.eat('?');
        let again = self.rest.clone().collect::<String>();
        let mut again = again.chars();
        match again.next() {
            Some('*' | '+' | '?') => Err(OPERAND),
            Some('{') if again.next().is_some_and(|next| next.is_ascii_digit()) => Err(OPERAND),
            _ => Ok(()),
        }
    }

    fn bounds(&mut self) -> Found<()> {
        self.rest.next();
        let least = self.number()?;
        let most = if !self.eat(',') {
            Some(least)
        } else if self.rest.peek().is_some_and(char::is_ascii_digit) {
            Some(self.number()?)
        } else {
            None
        };
        if !self.eat('}') {
            return Err(if self.rest.peek().is_some() { REPETITION } else { BRACES });
        }
        if most.is_some_and(|most| most < least) { Err(REPETITION) } else { Ok(()) }
    }

    fn number(&mut self) -> Found<u32> {
        let mut number = 0;
        while let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(10)) {
            self.rest.next();
            number = number * 10 + digit;
            if number > MOST_REPEATS {
                return Err(REPETITION);
            }
        }
        Ok(number)
    }

    fn group(&mut self, depth: u32) -> Found<Piece> {
        let mut constraint = false;
        let mut captures = true;
        if self.eat('?') {
            captures = false;
            constraint = match self.rest.next() {
                Some(':') => false,
                Some('=' | '!') => true,
                Some('<') => match self.rest.next() {
                    Some('=' | '!') => true,
                    _ => return Err(OPERAND),
                },
                _ => return Err(OPERAND),
            };
        }
        if captures {
            self.groups += 1;
            self.open.push(self.groups);
        }
        self.alternatives(depth + 1)?;
        if !self.eat(')') {
            return Err(UNBALANCED);
        }
        if captures {
            self.open.pop();
        }
        Ok(if constraint { Piece::Constraint } else { Piece::Atom })
    }

    /// Behind `[`.
    fn brackets(&mut self) -> Found<Piece> {
        let rest: String = self.rest.clone().collect();
        // The words' ends have brackets of their own.
        if let Some(word) = ["[:<:]]", "[:>:]]"].into_iter().find(|word| rest.starts_with(word)) {
            self.rest.by_ref().take(word.len()).for_each(|_| ());
            return Ok(Piece::Constraint);
        }
        self.eat('^');
        let mut first = true;
        loop {
            if !first && self.eat(']') {
                return Ok(Piece::Atom);
            }
            first = false;
            let start = self.member()?;
            let mut ahead = self.rest.clone();
            if ahead.next() != Some('-') || ahead.next().is_none_or(|next| next == ']') {
                continue;
            }
            self.rest.next();
            match (start, self.member()?) {
                (Some(start), Some(end)) if start <= end => {}
                _ => return Err(RANGE),
            }
        }
    }

    /// A member of brackets: the character, or nothing where it is a class.
    fn member(&mut self) -> Found<Option<char>> {
        match self.rest.next().ok_or(BRACKETS)? {
            '[' => match self.rest.peek() {
                Some(&kind @ (':' | '.' | '=')) => {
                    self.rest.next();
                    self.class(kind)
                }
                _ => Ok(Some('[')),
            },
            '\\' => {
                let mut ahead = self.rest.clone();
                let class =
                    ahead.next().is_some_and(|next| matches!(next, 'd' | 's' | 'w' | 'D' | 'S' | 'W'));
                match self.escape()? {
                    Piece::Constraint => Err(ESCAPE),
                    Piece::Atom if class => Ok(None),
                    // What the escape stands for orders it; only its being there is judged here.
                    Piece::Atom => Ok(Some('\\')),
                }
            }
            character => Ok(Some(character)),
        }
    }

    fn class(&mut self, kind: char) -> Found<Option<char>> {
        let mut name = String::new();
        loop {
            let next = self.rest.next().ok_or(BRACKETS)?;
            if next == kind && self.eat(']') {
                break;
            }
            name.push(next);
        }
        match (kind, name.chars().count()) {
            (':', _) if CLASSES.contains(&&*name.to_ascii_lowercase()) && !name.is_empty() => Ok(None),
            (':', _) => Err(CLASS),
            ('=', 1) => Ok(None),
            (_, 1) => Ok(name.chars().next()),
            _ => Err(COLLATING),
        }
    }

    /// Behind a backslash.
    fn escape(&mut self) -> Found<Piece> {
        let Some(next) = self.rest.next() else { return Err(ESCAPE) };
        let mut hex = |digits: usize| {
            let all = (0..digits).all(|_| self.rest.next_if(char::is_ascii_hexdigit).is_some());
            if all { Ok(Piece::Atom) } else { Err(ESCAPE) }
        };
        match next {
            'A' | 'm' | 'M' | 'y' | 'Y' | 'Z' => Ok(Piece::Constraint),
            'a' | 'b' | 'B' | 'd' | 'D' | 'e' | 'f' | 'n' | 'r' | 's' | 'S' | 't' | 'v' | 'w' | 'W' | '0' => {
                Ok(Piece::Atom)
            }
            'c' => self.rest.next().map(|_| Piece::Atom).ok_or(ESCAPE),
            'u' => hex(4),
            'U' => hex(8),
            'x' => {
                hex(1)?;
                while self.rest.next_if(char::is_ascii_hexdigit).is_some() {}
                Ok(Piece::Atom)
            }
            '1'..='9' => self.reference(next),
            other if other.is_ascii_alphanumeric() => Err(ESCAPE),
            _ => Ok(Piece::Atom),
        }
    }

    /// One digit always refers back; more do where there are as many groups, else they are a character's octal number.
    fn reference(&mut self, first: char) -> Found<Piece> {
        let more: String = self.rest.clone().take_while(char::is_ascii_digit).collect();
        let number = format!("{first}{more}").parse().unwrap_or(u32::MAX);
        if more.is_empty() || number <= self.groups {
            self.rest.by_ref().take(more.len()).for_each(|_| ());
            let refers = number <= self.groups && !self.open.contains(&number);
            return if refers { Ok(Piece::Atom) } else { Err(REFERENCE) };
        }
        if !first.is_digit(8) {
            return Err(ESCAPE);
        }
        for _ in 0..2 {
            self.rest.next_if(|next| next.is_digit(8));
        }
        Ok(Piece::Atom)
    }
}

#[cfg(test)]
mod tests {
    use super::{BRACKETS, CLASS, ESCAPE, OPERAND, RANGE, REFERENCE, REPETITION, UNBALANCED, check};

    #[test]
    fn what_the_server_compiles_and_what_not() {
        for good in [
            "",
            "^a(b)?$",
            "a|b|",
            "[]a]",
            "[^]a-]",
            "a{2,3}?",
            "a{,3}",
            r"(a)\1",
            r"\10\é",
            r"\d+\.x",
            "[[:alpha:]]",
            "(?:a|b)*",
            "a}",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("^a(b", UNBALANCED),
            ("a)", UNBALANCED),
            ("[a", BRACKETS),
            ("*a", OPERAND),
            ("a**", OPERAND),
            ("^*", OPERAND),
            ("a{3,2}", REPETITION),
            ("a{256}", REPETITION),
            ("[z-a]", RANGE),
            ("[[:letters:]]", CLASS),
            (r"a\", ESCAPE),
            (r"\q", ESCAPE),
            (r"(a)\2", REFERENCE),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
    }
}
