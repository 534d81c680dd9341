/** Who is asking, as the guard found it in the credential. Tenancy comes from here and from nowhere else. */
export interface Actor {
  tenantId: string;
  userId: string;
  role: 'owner' | 'staff';
}
