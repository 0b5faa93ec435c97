export interface Shop {
  signUp(address: string): Promise<void>;
  confirm(address: string, codeOrToken: string): boolean;
  sendInvoice(address: string, number: number): Promise<boolean>;
}

export function openShop(smtpUrl: string, url?: string): Shop;
