//! What follows a backslash in an advanced expression (`lexescape` in `regc_lex.c`).

use super::lex::Lexer;
use super::token::{Token, plain};
use super::{ESCAPE, Found};

/// `CHR_MAX` of `regcustom.h`.
const LARGEST: u32 = 0x7fff_fffe;

impl Lexer {
    /// Behind a backslash of an advanced expression.
    pub(super) fn escape(&mut self) -> Found<Token> {
        let sign = self.take().ok_or(ESCAPE)?;
        match sign {
            'A' | 'm' | 'M' | 'y' | 'Y' | 'Z' => Ok(Token::Constraint),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(Token::Class),
            'a' => Ok(Token::Plain(7)),
            'b' => Ok(Token::Plain(8)),
            'B' => Ok(plain('\\')),
            'c' => self.take().map(|sign| Token::Plain(u32::from(sign) & 0o37)).ok_or(ESCAPE),
            'e' => Ok(Token::Plain(27)),
            'f' => Ok(Token::Plain(12)),
            'n' => Ok(plain('\n')),
            'r' => Ok(plain('\r')),
            't' => Ok(plain('\t')),
            'v' => Ok(Token::Plain(11)),
            'u' => self.number(16, 4, 4),
            'U' => self.number(16, 8, 8),
            'x' => self.number(16, 1, 255),
            '0'..='9' => self.digits(sign),
            other if other.is_ascii_alphanumeric() => Err(ESCAPE),
            other => Ok(plain(other)),
        }
    }

    /// Digits that stand for a character.
    fn number(&mut self, base: u32, least: usize, most: usize) -> Found<Token> {
        let (mut number, mut length) = (0_u32, 0);
        while let Some(digit) = self.peek().filter(|_| length < most).and_then(|sign| sign.to_digit(base)) {
            // The server's number runs over like this one.
            number = number.wrapping_mul(base).wrapping_add(digit);
            length += 1;
            self.at += 1;
        }
        if length < least || number > LARGEST { Err(ESCAPE) } else { Ok(Token::Plain(number)) }
    }

    /// One digit but zero always refers back; more do where there are as many groups, else they are a character's octal
    /// number.
    fn digits(&mut self, first: char) -> Found<Token> {
        let start = self.at - 1;
        let rest = self.signs[start..].iter().take_while(|sign| sign.is_ascii_digit()).take(255);
        let (mut number, mut length) = (0_u32, 0);
        for digit in rest.filter_map(|sign| sign.to_digit(10)) {
            number = number.wrapping_mul(10).wrapping_add(digit);
            length += 1;
        }
        let group = i32::try_from(number).is_ok_and(|number| number > 0) && number <= self.groups;
        if first != '0' && (length == 1 || group) {
            self.at = start + length;
            return Ok(Token::Reference(number));
        }
        self.at = start;
        let token = self.number(8, 1, 3)?;
        match token {
            Token::Plain(number @ 0o400..) => {
                self.at -= 1;
                Ok(Token::Plain(number >> 3))
            }
            other => Ok(other),
        }
    }
}
