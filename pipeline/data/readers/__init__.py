"""Files in the formats that users have, as streams of tables in bounded memory."""
