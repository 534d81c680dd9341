const sentences: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was reset.',
  EPIPE: 'The connection was closed.',
  UND_ERR_SOCKET: 'The connection was closed.',
  UND_ERR_CONNECT_TIMEOUT: 'There was no connection in time.',
  ETIMEDOUT: 'There was no connection in time.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The host cannot be reached.',
  CERT_HAS_EXPIRED: 'The certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'The server wants a certificate.',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'The server refused the certificate, or wants one.',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'The server does not trust our certificate.',
  EPROTO: 'The server does not speak TLS there.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The server does not speak TLS there.',
};

/** What went wrong with a connection, in a sentence, by the code of Node's error; null for what has none. */
export const connectionTrouble = (code: string | undefined): string | null => sentences[code ?? ''] ?? null;
