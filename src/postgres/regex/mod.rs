//! PostgreSQL's regular expressions (the manual, "POSIX Regular Expressions"; `regcomp.c`): whether the server would
//! compile one. A name in `pg_hba.conf` that it can't compile costs the whole file.
//!
//! The lexer and the parser are the server's own, step by step, without the automaton that it builds on the way: what is
//! too large for one is left to the server.

mod escape;
mod lex;
mod names;
mod token;

use lex::Lexer;
use token::{Flavor, Token};

/// Deeper groups are left to the server.
const DEEPEST: u32 = 100;
/// `DUPMAX` in `regguts.h`.
const MOST_REPEATS: u32 = 255;

const BOUNDS: &str = "invalid repetition count(s)";
const BRACES: &str = "braces {} not balanced";
const BRACKETS: &str = "brackets [] not balanced";
const CLASS: &str = "invalid character class";
const COLLATING: &str = "invalid collating element";
const ESCAPE: &str = "invalid escape \\ sequence";
const OPERAND: &str = "quantifier operand invalid";
const OPTION: &str = "invalid embedded option";
const RANGE: &str = "invalid character range";
const REFERENCE: &str = "invalid backreference number";
const UNBALANCED: &str = "parentheses () not balanced";
const VERSION: &str = "invalid regexp (reg version 0.8)";

/// What keeps the server from compiling an expression, in its words.
type Found<T> = Result<T, &'static str>;

/// What keeps the server from compiling an advanced regular expression, in its words.
pub(crate) fn check(text: &str) -> Found<()> {
    let mut lexer = Lexer::new(text)?;
    let next = lexer.next()?;
    let mut parser = Parser { lexer, next, open: Vec::new(), look: false, depth: 0, too_deep: false };
    let read = parser.alternatives(Token::End);
    if parser.too_deep { Ok(()) } else { read }
}

struct Parser {
    lexer: Lexer,
    next: Token,
    /// The numbers of the groups that are not closed yet.
    open: Vec<u32>,
    /// Within `(?=` and its like nothing is captured or referred to.
    look: bool,
    depth: u32,
    too_deep: bool,
}

impl Parser {
    fn advance(&mut self) -> Found<()> {
        self.next = self.lexer.next()?;
        Ok(())
    }

    fn eat(&mut self, wanted: Token) -> Found<bool> {
        let found = self.next == wanted;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn alternatives(&mut self, stopper: Token) -> Found<()> {
        loop {
            while ![Token::Alternative, stopper, Token::End].contains(&self.next) {
                self.piece()?;
            }
            if !self.eat(Token::Alternative)? {
                break;
            }
        }
        if self.next == stopper { Ok(()) } else { Err(UNBALANCED) }
    }

    /// What has a place only, or an atom with its quantifier.
    fn piece(&mut self) -> Found<()> {
        match self.next {
            Token::Constraint | Token::Start => return self.advance(),
            Token::Look => {
                let outer = std::mem::replace(&mut self.look, true);
                self.group()?;
                self.look = outer;
                return Ok(());
            }
            // A slip of POSIX: where it closes nothing, it is a character of extended expressions.
            Token::Close if self.lexer.flavor != Flavor::Extended => return Err(UNBALANCED),
            Token::Plain(_) | Token::Class | Token::Close => self.advance()?,
            Token::Bracket => self.brackets()?,
            Token::Open { captures: true } if !self.look => {
                self.lexer.groups += 1;
                self.open.push(self.lexer.groups);
                self.group()?;
                self.open.pop();
            }
            Token::Open { .. } => self.group()?,
            Token::Reference(number) => {
                if self.look || number > self.lexer.groups || self.open.contains(&number) {
                    return Err(REFERENCE);
                }
                self.advance()?;
            }
            _ => return Err(OPERAND),
        }
        match self.next {
            Token::Repeat => self.advance(),
            Token::Bound => self.bounds(),
            _ => Ok(()),
        }
    }

    /// From what opens it to behind what closes it.
    fn group(&mut self) -> Found<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.too_deep = true;
            return Err(UNBALANCED);
        }
        self.advance()?;
        self.alternatives(Token::Close)?;
        self.depth -= 1;
        self.advance()
    }

    fn bounds(&mut self) -> Found<()> {
        self.advance()?;
        let least = self.number()?;
        if self.eat(Token::Comma)? && matches!(self.next, Token::Digit(_)) && self.number()? < least {
            return Err(BOUNDS);
        }
        if self.eat(Token::BoundEnd)? { Ok(()) } else { Err(BOUNDS) }
    }

    fn number(&mut self) -> Found<u32> {
        let mut number = 0;
        while let Token::Digit(digit) = self.next {
            number = number * 10 + digit;
            if number > MOST_REPEATS {
                return Err(BOUNDS);
            }
            self.advance()?;
        }
        Ok(number)
    }

    fn brackets(&mut self) -> Found<()> {
        self.advance()?;
        while self.next != Token::BracketEnd {
            let start = match self.next {
                Token::Named(':') => {
                    let name = self.lexer.name()?;
                    self.advance()?;
                    if !names::CLASSES.contains(&&*name) {
                        return Err(CLASS);
                    }
                    continue;
                }
                Token::Named('=') => {
                    self.character()?;
                    continue;
                }
                Token::Class => {
                    self.advance()?;
                    continue;
                }
                Token::Range => return Err(RANGE),
                _ => self.character()?,
            };
            if !self.eat(Token::Range)? {
                continue;
            }
            let end = match self.next {
                Token::Range => {
                    self.advance()?;
                    u32::from('-')
                }
                Token::Plain(_) | Token::Named('.') => self.character()?,
                _ => return Err(RANGE),
            };
            if start > end {
                return Err(RANGE);
            }
        }
        self.advance()
    }

    /// A character in brackets, as it is or by its name.
    fn character(&mut self) -> Found<u32> {
        let character = match self.next {
            Token::Plain(character) => Ok(character),
            _ => names::character(&self.lexer.name()?).ok_or(COLLATING),
        };
        self.advance()?;
        character
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    /// Verdict, blank, expression; `tests/servers.rs` asks the servers for the same.
    const JUDGED: &str = include_str!("../../../tests/regexes.txt");

    #[test]
    fn expressions_are_judged_as_the_server_does() {
        for line in JUDGED.lines() {
            let (verdict, expression) = line.split_once('\t').unwrap();
            assert_eq!(check(expression).err().unwrap_or("ok"), verdict, "{expression}");
        }
    }

    #[test]
    fn what_is_deeper_than_any_is_left_to_the_server() {
        let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(
            (check(&deep(90)), check(&deep(100_000)), check(&"(".repeat(100_000))),
            (Ok(()), Ok(()), Ok(()))
        );
        assert_eq!(check(&"(?#)".repeat(100_000)), Ok(()));
    }
}
