package dev.psx.check;

import java.io.IOException;

/** One thing that a drop may break. */
interface Check {

    /** Adds what it finds. */
    void run(Context context) throws IOException;
}
