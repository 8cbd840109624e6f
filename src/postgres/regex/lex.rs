//! The lexer of PostgreSQL's regular expressions (`regc_lex.c`): directors and embedded options in front choose one of
//! four flavors, and what a character means depends on where it stands.

use super::token::{Flavor, Token, plain};
use super::{BOUNDS, BRACES, BRACKETS, ESCAPE, Found, OPERAND, OPTION, VERSION};

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Expression,
    Bounds,
    Brackets,
    /// A name in brackets, up to this sign and `]`.
    Name(char),
}

pub(super) struct Lexer {
    pub(super) signs: Vec<char>,
    pub(super) at: usize,
    pub(super) flavor: Flavor,
    /// Blanks and comments don't count.
    expanded: bool,
    within: Within,
    last: Token,
    /// Groups that were opened so far.
    pub(super) groups: u32,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Found<Self> {
        let mut lexer = Self {
            signs: text.chars().collect(),
            at: 0,
            flavor: Flavor::Advanced,
            expanded: false,
            within: Within::Expression,
            last: Token::Begin,
            groups: 0,
        };
        lexer.prefixes()?;
        Ok(lexer)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += 1;
        Some(sign)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn starts_with(&self, text: &str) -> bool {
        let rest = self.signs.get(self.at..).unwrap_or_default();
        text.chars().count() <= rest.len() && text.chars().zip(rest).all(|(one, other)| one == *other)
    }

    /// `***:`, `***=`, and `(?i)` with its like.
    fn prefixes(&mut self) -> Found<()> {
        if self.starts_with("***") && self.signs.len() > 3 {
            self.at = 4;
            match self.signs[3] {
                ':' => {}
                '=' => {
                    self.flavor = Flavor::Quote;
                    return Ok(());
                }
                '?' => return Err(VERSION),
                _ => return Err(OPERAND),
            }
        }
        let option = self.signs.get(self.at + 2).is_some_and(char::is_ascii_alphabetic);
        if !self.starts_with("(?") || !option {
            return Ok(());
        }
        self.at += 2;
        while let Some(option) = self.peek().filter(char::is_ascii_alphabetic) {
            self.at += 1;
            match option {
                'b' => self.flavor = Flavor::Basic,
                'e' => self.flavor = Flavor::Extended,
                'q' => self.flavor = Flavor::Quote,
                't' => self.expanded = false,
                'x' => self.expanded = true,
                'c' | 'i' | 'm' | 'n' | 'p' | 's' | 'w' => {}
                _ => return Err(OPTION),
            }
        }
        self.expanded &= self.flavor != Flavor::Quote;
        if self.eat(')') { Ok(()) } else { Err(OPTION) }
    }

    /// Blanks, and `#` with the rest of its line.
    fn skip(&mut self) {
        loop {
            while self.peek().is_some_and(|sign| sign.is_ascii_whitespace() || sign == '\u{b}') {
                self.at += 1;
            }
            if self.peek() != Some('#') {
                return;
            }
            while self.peek().is_some_and(|sign| sign != '\n') {
                self.at += 1;
            }
        }
    }

    pub(super) fn next(&mut self) -> Found<Token> {
        let token = self.token()?;
        self.last = token;
        Ok(token)
    }

    /// What stands for nothing before the next token: in an expanded expression blanks, and comments such as `(?#…)`.
    fn pass(&mut self) {
        let comments = self.flavor == Flavor::Advanced && self.within == Within::Expression;
        loop {
            if self.expanded && matches!(self.within, Within::Expression | Within::Bounds) {
                self.skip();
            }
            if !comments || !self.starts_with("(?#") {
                return;
            }
            while self.take().is_some_and(|sign| sign != ')') {}
        }
    }

    fn token(&mut self) -> Found<Token> {
        self.pass();
        let Some(sign) = self.take() else {
            return match self.within {
                Within::Expression => Ok(Token::End),
                Within::Bounds => Err(BRACES),
                Within::Brackets | Within::Name(_) => Err(BRACKETS),
            };
        };
        match self.within {
            Within::Bounds => self.in_bounds(sign),
            Within::Brackets => self.in_brackets(sign),
            Within::Name(end) if sign == end && self.peek() == Some(']') => {
                self.at += 1;
                self.within = Within::Brackets;
                Ok(Token::NamedEnd)
            }
            Within::Name(_) => Ok(plain(sign)),
            Within::Expression => match self.flavor {
                Flavor::Quote => Ok(plain(sign)),
                Flavor::Basic => self.basic(sign),
                Flavor::Extended | Flavor::Advanced => self.extended(sign),
            },
        }
    }

    fn in_bounds(&mut self, sign: char) -> Found<Token> {
        match sign {
            ',' => Ok(Token::Comma),
            '}' if self.flavor != Flavor::Basic => {
                self.within = Within::Expression;
                self.lazily();
                Ok(Token::BoundEnd)
            }
            '\\' if self.flavor == Flavor::Basic && self.eat('}') => {
                self.within = Within::Expression;
                Ok(Token::BoundEnd)
            }
            other => other.to_digit(10).map(Token::Digit).ok_or(BOUNDS),
        }
    }

    /// The `?` behind a quantifier.
    fn lazily(&mut self) {
        if self.flavor == Flavor::Advanced {
            self.eat('?');
        }
    }

    fn in_brackets(&mut self, sign: char) -> Found<Token> {
        let first = self.last == Token::Bracket;
        match sign {
            '\\' if self.flavor == Flavor::Advanced => match self.escape()? {
                token @ (Token::Plain(_) | Token::Class) => Ok(token),
                _ => Err(ESCAPE),
            },
            '-' if !first && self.peek() != Some(']') => Ok(Token::Range),
            ']' if !first => {
                self.within = Within::Expression;
                Ok(Token::BracketEnd)
            }
            '[' => match self.peek().ok_or(BRACKETS)? {
                kind @ ('.' | '=' | ':') => {
                    self.at += 1;
                    self.within = Within::Name(kind);
                    Ok(Token::Named(kind))
                }
                _ => Ok(plain('[')),
            },
            other => Ok(plain(other)),
        }
    }

    /// Behind `[`, outside of other brackets.
    fn bracket(&mut self) -> Token {
        // The words' ends have brackets of their own.
        if self.starts_with("[:<:]]") || self.starts_with("[:>:]]") {
            self.at += "[:<:]]".len();
            return Token::Constraint;
        }
        self.within = Within::Brackets;
        self.eat('^');
        Token::Bracket
    }

    fn basic(&mut self, sign: char) -> Found<Token> {
        let begins = matches!(self.last, Token::Begin | Token::Open { .. });
        match sign {
            '*' if begins || self.last == Token::Start => Ok(plain('*')),
            '*' => Ok(Token::Repeat),
            '[' => Ok(self.bracket()),
            '^' if begins => Ok(Token::Start),
            '$' => {
                if self.expanded {
                    self.skip();
                }
                let ends = self.peek().is_none() || self.starts_with("\\)");
                Ok(if ends { Token::Constraint } else { plain('$') })
            }
            '\\' => match self.take().ok_or(ESCAPE)? {
                '{' => {
                    self.within = Within::Bounds;
                    Ok(Token::Bound)
                }
                '(' => Ok(Token::Open { captures: true }),
                ')' => Ok(Token::Close),
                '<' | '>' => Ok(Token::Constraint),
                digit @ '1'..='9' => Ok(Token::Reference(u32::from(digit) - u32::from('0'))),
                other => Ok(plain(other)),
            },
            other => Ok(plain(other)),
        }
    }

    fn extended(&mut self, sign: char) -> Found<Token> {
        match sign {
            '|' => Ok(Token::Alternative),
            '*' | '+' | '?' => {
                self.lazily();
                Ok(Token::Repeat)
            }
            '{' => {
                if self.expanded {
                    self.skip();
                }
                if !self.peek().is_some_and(|next| next.is_ascii_digit()) {
                    return Ok(plain('{'));
                }
                self.within = Within::Bounds;
                Ok(Token::Bound)
            }
            '(' if self.flavor == Flavor::Advanced && self.eat('?') => self.special(),
            '(' => Ok(Token::Open { captures: true }),
            ')' => Ok(Token::Close),
            '[' => Ok(self.bracket()),
            '^' => Ok(Token::Start),
            '$' => Ok(Token::Constraint),
            '\\' if self.flavor == Flavor::Advanced => self.escape(),
            '\\' => self.take().map(plain).ok_or(ESCAPE),
            other => Ok(plain(other)),
        }
    }

    /// Behind `(?`, which begins no comment.
    fn special(&mut self) -> Found<Token> {
        match self.take().ok_or(OPERAND)? {
            ':' => Ok(Token::Open { captures: false }),
            '=' | '!' => Ok(Token::Look),
            '<' => match self.take() {
                Some('=' | '!') => Ok(Token::Look),
                _ => Err(OPERAND),
            },
            _ => Err(OPERAND),
        }
    }

    /// The name in brackets, whose first token was read, and the token behind it.
    pub(super) fn name(&mut self) -> Found<String> {
        let mut name = String::new();
        loop {
            match self.next()? {
                Token::Plain(sign) => name.extend(char::from_u32(sign)),
                _ => return Ok(name),
            }
        }
    }
}
