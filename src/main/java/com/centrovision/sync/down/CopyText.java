package com.centrovision.sync.down;

import com.centrovision.sync.cloud.RowCells;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * Writes rows in the text format of PostgreSQL's COPY, from where they stand in PostgREST's answer: every value the
 * text that PostgreSQL itself would take from the JSON, in pieces, and no object is made of any. Whatever is not plain it
 * gives up.
 */
final class CopyText {
    private static final int PIECE_BYTES = 65_536;
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    /** Takes the text, piece by piece. */
    interface Receiver {
        void take(byte[] bytes, int from, int length) throws SQLException;
    }

    /** A value that only PostgreSQL can tell. */
    static final class NotPlainException extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final RowCells cells;
    private final byte[] page;
    private final String kinds;
    private final Receiver receiver;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int used;

    /** @param kinds of the columns, as {@code sync_copy_plan} tells them */
    CopyText(RowCells cells, String kinds, Receiver receiver) {
        this.cells = cells;
        this.page = cells.page();
        this.kinds = kinds;
        this.receiver = receiver;
    }

    void write() throws NotPlainException, SQLException {
        for (int row = 0; row < cells.rows(); row++) {
            boolean isFirst = true;
            for (int column = 0; column < cells.columns(); column++) {
                char kind = kinds.charAt(column);
                if (kind != '-') {
                    if (!isFirst) {
                        put('\t');
                    }
                    isFirst = false;
                    cell(kind, cells.start(row, column), cells.end(row, column), cells.isPlain(row, column));
                }
            }
            put('\n');
        }
        flush();
    }

    private void cell(char kind, int start, int end, boolean isPlain) throws NotPlainException, SQLException {
        byte first = page[start];
        if (first == 'n') {
            require(is(NULL, start, end));
            put('\\');
            put('N');
        } else if (kind == 'j') {
            json(start, end);
        } else if (kind == 'a') {
            array(start, end);
        } else if (first != '"') {
            literal(start, end);
        } else if (isPlain) {
            put(start + 1, end - 1);
        } else {
            text(start + 1, end - 1, false);
        }
    }

    /** A number or a truth value. */
    private void literal(int start, int end) throws NotPlainException, SQLException {
        require(isNumber(start, end) || is(TRUE, start, end) || is(FALSE, start, end));
        put(start, end);
    }

    private boolean isNumber(int start, int end) {
        for (int at = start; at < end; at++) {
            byte character = page[at];
            if ((character < '0' || character > '9') && "-+.eE".indexOf(character) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean is(byte[] word, int start, int end) {
        if (end - start != word.length) {
            return false;
        }
        for (int at = 0; at < word.length; at++) {
            if (page[start + at] != word[at]) {
                return false;
            }
        }
        return true;
    }

    /** As it stands, whatever it is. */
    private void json(int start, int end) throws SQLException {
        for (int at = start; at < end; at++) {
            byte character = page[at];
            switch (character) {
                case '\\' -> escaped('\\');
                case '\n' -> escaped('n');
                case '\r' -> escaped('r');
                case '\t' -> escaped('t');
                default -> put(character);
            }
        }
    }

    /** An array of one dimension. */
    private void array(int start, int end) throws NotPlainException, SQLException {
        require(page[start] == '[');
        put('{');
        int at = behindBlanks(start + 1);
        boolean isFirst = true;
        while (page[at] != ']') {
            if (!isFirst) {
                require(page[at] == ',');
                put(',');
                at = behindBlanks(at + 1);
            }
            isFirst = false;
            int elementEnd = elementEnd(at, end);
            element(at, elementEnd);
            at = behindBlanks(elementEnd);
        }
        require(at + 1 == end);
        put('}');
    }

    private void element(int start, int end) throws NotPlainException, SQLException {
        if (page[start] == '"') {
            put('"');
            text(start + 1, end - 1, true);
            put('"');
        } else if (is(NULL, start, end)) {
            put(start, end);
        } else {
            require(end > start);
            literal(start, end);
        }
    }

    private int elementEnd(int start, int end) {
        int at = start;
        if (page[start] != '"') {
            while (at < end && page[at] != ',' && page[at] != ']' && page[at] > ' ') {
                at++;
            }
            return at;
        }
        at++;
        while (page[at] != '"') {
            at += page[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private int behindBlanks(int at) {
        int behind = at;
        while (page[behind] == ' ' || page[behind] == '\n' || page[behind] == '\r' || page[behind] == '\t') {
            behind++;
        }
        return behind;
    }

    private void text(int start, int end, boolean inArray) throws NotPlainException, SQLException {
        int at = start;
        while (at < end) {
            byte character = page[at++];
            if (character != '\\') {
                require(character < 0 || character >= ' ');
                put(character);
                continue;
            }
            byte escape = page[at++];
            switch (escape) {
                case '"', '\\', '/' -> character((char) escape, inArray);
                case 'b' -> put('\b');
                case 'f' -> put('\f');
                case 'n' -> escaped('n');
                case 'r' -> escaped('r');
                case 't' -> escaped('t');
                case 'u' -> {
                    char unit = unit(at, end);
                    at += 4;
                    if (Character.isSurrogate(unit)) {
                        require(Character.isHighSurrogate(unit)
                                && at + 6 <= end
                                && page[at] == '\\'
                                && page[at + 1] == 'u');
                        char low = unit(at + 2, end);
                        at += 6;
                        require(Character.isLowSurrogate(low));
                        put(new String(new char[] {unit, low}).getBytes(StandardCharsets.UTF_8));
                    } else {
                        character(unit, inArray);
                    }
                }
                default -> throw new NotPlainException();
            }
        }
    }

    private char unit(int start, int end) throws NotPlainException {
        require(start + 4 <= end);
        int unit = 0;
        for (int at = start; at < start + 4; at++) {
            int digit = Character.digit(page[at], 16);
            require(digit >= 0);
            unit = 16 * unit + digit;
        }
        return (char) unit;
    }

    private void character(char character, boolean inArray) throws NotPlainException, SQLException {
        require(character != 0);
        switch (character) {
            case '\\' -> {
                escaped('\\');
                if (inArray) {
                    escaped('\\');
                }
            }
            case '"' -> {
                if (inArray) {
                    escaped('\\');
                }
                put('"');
            }
            case '\n' -> escaped('n');
            case '\r' -> escaped('r');
            case '\t' -> escaped('t');
            default -> {
                if (character < 0x80) {
                    put(character);
                } else {
                    put(String.valueOf(character).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static void require(boolean fact) throws NotPlainException {
        if (!fact) {
            throw new NotPlainException();
        }
    }

    private void escaped(char character) throws SQLException {
        put('\\');
        put(character);
    }

    private void put(int character) throws SQLException {
        if (used == piece.length) {
            flush();
        }
        piece[used++] = (byte) character;
    }

    private void put(byte[] bytes) throws SQLException {
        for (byte character : bytes) {
            put(character);
        }
    }

    /** What stands there in the page. */
    private void put(int start, int end) throws SQLException {
        int length = end - start;
        if (length > piece.length - used) {
            flush();
        }
        if (length > piece.length) {
            receiver.take(page, start, length);
        } else {
            System.arraycopy(page, start, piece, used, length);
            used += length;
        }
    }

    private void flush() throws SQLException {
        if (used > 0) {
            receiver.take(piece, 0, used);
            used = 0;
        }
    }
}
